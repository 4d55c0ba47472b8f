import { PasserbyEngine } from './engine';
import type { Engine } from './state';

export type * from './state';

/** The engine against the server this page came from. */
export function createEngine(): Engine {
  const { protocol, host } = window.location;
  return new PasserbyEngine(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`);
}
