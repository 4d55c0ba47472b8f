import { PasserbyEngine } from './engine';
import type { Engine } from './state';

export type * from './state';

/** Creates the engine for the server that the page was loaded from. */
export function createEngine(): Engine {
  const { protocol, host } = window.location;
  return new PasserbyEngine(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`);
}
