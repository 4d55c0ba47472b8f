/** Work in one turn of the event loop, before the others get theirs (ms). */
const SLICE_MS = 5;

/**
 * Divides work among turns of the event loop. Steps that follow each other as promises alone all run in one turn, in
 * which no socket is read and no timer runs.
 */
export class LoopTurns {
  /** When the first step of the present turn began; undefined: none has. */
  private beganAt: number | undefined;

  /** Before each step: undefined when it can go on now, or else a promise for the next turn. */
  pause(): Promise<void> | undefined {
    const now = performance.now();
    if (this.beganAt === undefined) {
      this.beganAt = now;
      setImmediate(() => (this.beganAt = undefined));
    }
    if (now - this.beganAt < SLICE_MS) return undefined;
    return new Promise((resolve) => setImmediate(resolve));
  }
}
