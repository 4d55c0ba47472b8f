import type { WireBan, WishesInput } from '../../../../src/protocol';
import type { EngineState, ConnectionState, ConnectionProblem, Phase } from '../engine/state';
import { othersOnline } from '../searching/mode-offers';
import { readinessOf, type Readiness } from '../devices/readiness';
import type { PageRoute, RouteName } from '../navigation/routes';

/** The search that the user asked for, kept while camera and microphone are still being opened. */
export interface SearchIntent {
  wishes: WishesInput;
  withoutMicrophone: boolean;
  /** The request was sent; the reply has not arrived yet. */
  sent: boolean;
}

export type SearchView =
  | { is: 'asking' }
  | { is: 'faulty'; readiness: Extract<Readiness, { is: 'faulty' }> }
  | { is: 'connecting' }
  | { is: 'looking' }
  | { is: 'alone' }
  /** `keptUntil`: until when the server keeps the search; null where there was none yet. */
  | { is: 'offline'; why: ConnectionProblem; keptUntil: number | null }
  | { is: 'matched' };

/** What is on the screen: exactly one of these. */
export type AppScreen =
  | { screen: 'landing' }
  | { screen: 'searching'; view: SearchView }
  | { screen: 'call' }
  | { screen: 'page'; route: PageRoute }
  | {
      screen: 'disconnected';
      reason: Extract<ConnectionState, { state: 'closed' }>['reason'];
      ban?: WireBan;
    };

const searching = (view: SearchView): AppScreen => ({ screen: 'searching', view });

function screenWhileIdle(state: EngineState, intent: SearchIntent | null): AppScreen {
  if (!intent) return { screen: 'landing' };
  const readiness = readinessOf(intent.wishes.mode, state.devices, intent.withoutMicrophone);
  if (readiness.is === 'faulty') return searching({ is: 'faulty', readiness });
  return searching({ is: intent.sent || readiness.is === 'ready' ? 'connecting' : 'asking' });
}

function screenWhileSearching(state: EngineState, phase: Extract<Phase, { phase: 'searching' }>): AppScreen {
  if (state.connection.state === 'reconnecting') {
    const { why, since, keptUntil } = state.connection;
    // The server does not know of a search that began without a connection.
    return searching({ is: 'offline', why, keptUntil: phase.since < since ? keptUntil : null });
  }
  // Until the first message of the server there are no steps, and nothing is known about other people.
  const known = phase.steps.length > 0 && state.stats !== null;
  const alone = known && phase.waiting === 0 && othersOnline(state.stats) === 0;
  return searching({ is: alone ? 'alone' : 'looking' });
}

/** `matched` is the id of the call whose match animation is still running. */
export function screenFor(
  state: EngineState,
  intent: SearchIntent | null,
  matched: string | null,
): AppScreen {
  if (state.connection.state === 'closed') {
    const { reason, ban } = state.connection;
    return { screen: 'disconnected', reason, ...(ban === undefined ? {} : { ban }) };
  }
  const { phase } = state;
  switch (phase.phase) {
    case 'idle':
      return screenWhileIdle(state, intent);
    case 'searching':
      return screenWhileSearching(state, phase);
    case 'call':
      return phase.call.callId === matched ? searching({ is: 'matched' }) : { screen: 'call' };
    case 'ended':
      return { screen: 'call' };
  }
}

/** A page needs no connection, but a search or a call stays on the screen whatever the address is. */
export function screenAt(route: RouteName, screen: AppScreen): AppScreen {
  if (route === 'home') return screen;
  if (screen.screen === 'landing') return { screen: 'page', route };
  return screen.screen === 'disconnected' && screen.reason !== 'protocolOutdated'
    ? { screen: 'page', route }
    : screen;
}
