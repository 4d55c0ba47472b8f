/** How often a level is looked at. A syllable lasts longer, so none falls between two looks. */
export const LOOK_MS = 40;
/** A voice below this is the noise of a room. */
const SPEAKS = 0.04;
/** Nobody stops speaking between two words. */
const PAUSE_MS = 900;

/** Tells from levels whether somebody speaks. It changes as often as people take turns, not with each word. */
export class SpeakingWatch {
  private heardAt = Number.NEGATIVE_INFINITY;

  speaks(level: number, now: number): boolean {
    if (level >= SPEAKS) this.heardAt = now;
    return now - this.heardAt < PAUSE_MS;
  }
}
