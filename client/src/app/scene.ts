import type { WishesInput } from '../../../src/protocol';
import type { EngineState, Link, Phase } from '../engine/state';
import { readinessOf, type Readiness } from './devices';

/** What the person has asked for by pressing Meet, kept while devices are still being opened. */
export interface Intent {
  wishes: WishesInput;
  withoutMicrophone: boolean;
  /** The search has been asked for; only the server's answer is missing. */
  sent: boolean;
}

export type SearchView =
  | { is: 'asking' }
  | { is: 'faulty'; readiness: Extract<Readiness, { is: 'faulty' }> }
  | { is: 'connecting' }
  | { is: 'looking' }
  | { is: 'alone' }
  | { is: 'offline'; keptUntil: number }
  | { is: 'meeting' };

/** The one thing that is on the screen. */
export type Scene =
  | { screen: 'landing' }
  | { screen: 'searching'; view: SearchView }
  | { screen: 'call' }
  | { screen: 'plain'; reason: Extract<Link, { state: 'closed' }>['reason'] };

const searching = (view: SearchView): Scene => ({ screen: 'searching', view });

function sceneWhileIdle(state: EngineState, intent: Intent | null): Scene {
  if (!intent) return { screen: 'landing' };
  const readiness = readinessOf(intent.wishes.mode, state.devices, intent.withoutMicrophone);
  if (readiness.is === 'faulty') return searching({ is: 'faulty', readiness });
  return searching({ is: intent.sent || readiness.is === 'ready' ? 'connecting' : 'asking' });
}

function sceneWhileSearching(state: EngineState, phase: Extract<Phase, { phase: 'searching' }>): Scene {
  if (state.link.state === 'reconnecting') {
    return searching({ is: 'offline', keptUntil: state.link.keptUntil });
  }
  // Until the server has spoken there are no steps, and nothing is known about others.
  const known = phase.steps.length > 0 && state.stats !== null;
  const alone = known && phase.waiting === 0 && (state.stats?.online ?? 0) <= 1;
  return searching({ is: alone ? 'alone' : 'looking' });
}

/** `meeting` names the call whose two windows are still on their way to each other. */
export function sceneOf(state: EngineState, intent: Intent | null, meeting: string | null): Scene {
  if (state.link.state === 'closed') return { screen: 'plain', reason: state.link.reason };
  const { phase } = state;
  switch (phase.phase) {
    case 'idle':
      return sceneWhileIdle(state, intent);
    case 'searching':
      return sceneWhileSearching(state, phase);
    case 'call':
      return phase.call.callId === meeting ? searching({ is: 'meeting' }) : { screen: 'call' };
    case 'parted':
      return { screen: 'call' };
  }
}
