/** Two soft notes, one rising and one falling, 300 ms in all. */
const NOTES = [
  { from: 523.25, to: 587.33, startsAt: 0 },
  { from: 698.46, to: 659.25, startsAt: 0.09 },
] as const;
const LENGTH = 0.3;
const LOUDNESS = 0.08;

/** The sound for a match while the user looks at another tab. The page makes no other sound by itself. */
export class Chime {
  private context: AudioContext | null = null;

  /** Browsers allow sound only after a user gesture, so the context is created during one. */
  prepare(): void {
    if (typeof AudioContext === 'undefined') return;
    this.context ??= new AudioContext();
    void this.context.resume().catch(() => undefined);
  }

  play(): void {
    const { context } = this;
    if (context?.state !== 'running') return;
    const begin = context.currentTime;
    for (const note of NOTES) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const start = begin + note.startsAt;
      tone.type = 'sine';
      tone.frequency.setValueAtTime(note.from, start);
      tone.frequency.linearRampToValueAtTime(note.to, begin + LENGTH);
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, begin + LENGTH);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(begin + LENGTH);
    }
  }
}
