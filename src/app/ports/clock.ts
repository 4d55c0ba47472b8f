/** Time as the use cases see it, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `task` once after `ms`; the returned function forgets it. Never keeps the process alive. */
  after(ms: number, task: () => void): () => void;
  /** Calls `task` every `ms` until the returned function is called. Never keeps the process alive. */
  every(ms: number, task: () => void): () => void;
}
