import type { EngineState } from './state';

/** The state before anything is known. */
export const INITIAL_STATE: Omit<EngineState, 'devices'> = {
  connection: { state: 'connecting' },
  isInDoubt: false,
  me: null,
  stats: null,
  phase: { phase: 'idle' },
  notice: null,
};
