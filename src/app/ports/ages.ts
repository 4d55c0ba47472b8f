import type { Clock } from './clock';

/** A moment of which something is recorded and from which something is measured. */
export interface Moment {
  /** Wall time: what is shown and stored (ms since the epoch). */
  readonly at: number;
  /** What is measured from (`Clock.elapsed`). */
  readonly elapsed: number;
}

export const present = (clock: Pick<Clock, 'now' | 'elapsed'>): Moment => ({
  at: clock.now(),
  elapsed: clock.elapsed(),
});

/** How long ago a moment of this process was (ms), as another process may be told of it. */
export const ageOf = (clock: Pick<Clock, 'elapsed'>, moment: number): number =>
  Math.max(0, clock.elapsed() - moment);

/** The moment of this process that is so long ago. It may be before the process began, and so below 0. */
export const momentOf = (clock: Pick<Clock, 'elapsed'>, ageMs: number): number => clock.elapsed() - ageMs;

/**
 * How long ago something was stored (ms), by the wall time that was stored with it. A difference that cannot be true,
 * because one of the two clocks was set, counts as none. `mostMs`: how long the store keeps it.
 */
export function storedFor(clock: Pick<Clock, 'now'>, storedAt: number, mostMs: number): number {
  const ms = clock.now() - storedAt;
  return ms >= 0 && ms <= mostMs ? ms : 0;
}
