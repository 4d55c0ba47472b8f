/** How long the loudest moment counts. Words change at most this often, and speech pauses for less. */
const HOLD_MS = 1_500;

/** Remembers the loudest of the last moments, so that a short sound between two looks is not missed. */
export class PeakFollower {
  private readonly peaks: { at: number; level: number }[] = [];

  add(level: number, now: number): void {
    // What is not louder than a newer moment never is the loudest again.
    while (this.peaks.length > 0 && (this.peaks.at(-1)?.level ?? 0) <= level) this.peaks.pop();
    this.peaks.push({ at: now, level });
  }

  peak(now: number): number {
    while (this.peaks.length > 0 && (this.peaks[0]?.at ?? 0) < now - HOLD_MS) this.peaks.shift();
    return this.peaks[0]?.level ?? 0;
  }
}
