/**
 * Time as the use cases see it, so that tests can control it.
 *
 * `now` is the wall time: for what is shown, stored or said to other processes. It jumps when the machine's clock is set.
 * `elapsed` only goes on, so everything that lasts or is due is measured with it. It means nothing outside of this
 * process: messages and stored snapshots carry how long ago something was, not when it was (`ages.ts`).
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Whole milliseconds of this process. They never go back, whatever happens to the machine's clock. */
  elapsed(): number;
  /** Calls `task` once after `ms`; the returned function cancels it. Never keeps the process alive. */
  after(ms: number, task: () => void): () => void;
  /** Calls `task` every `ms` until the returned function is called. Never keeps the process alive. */
  every(ms: number, task: () => void): () => void;
}
