import type { WishesInput } from '../../../src/protocol';
import type { EngineState, Link, LinkTrouble, Phase } from '../engine/state';
import { readinessOf, type Readiness } from './devices';
import type { Place } from './router/paths';

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
  /** `keptUntil`: null where there was no place to keep. */
  | { is: 'offline'; why: LinkTrouble; keptUntil: number | null }
  | { is: 'meeting' };

/** The one thing that is on the screen. */
export type Scene =
  | { screen: 'landing' }
  | { screen: 'searching'; view: SearchView }
  | { screen: 'call' }
  | { screen: 'page'; place: Exclude<Place, 'home'> }
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
    const { why, since, keptUntil } = state.link;
    // A search that was asked for without a connection has no place yet.
    return searching({ is: 'offline', why, keptUntil: phase.since < since ? keptUntil : null });
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

/** A page needs no line, but it does not take anybody out of a search or a call. */
export function sceneAt(place: Place, scene: Scene): Scene {
  if (place === 'home') return scene;
  if (scene.screen === 'landing') return { screen: 'page', place };
  return scene.screen === 'plain' && scene.reason !== 'protocolOutdated' ? { screen: 'page', place } : scene;
}
