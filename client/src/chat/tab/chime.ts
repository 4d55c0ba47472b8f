/** A match is two soft notes that cross, 300 ms in all; a message is one short note. */
export type Note = 'match' | 'message';

interface Tone {
  from: number;
  to: number;
  startsAt: number;
  endsAt: number;
}

const NOTES: Readonly<Record<Note, readonly Tone[]>> = {
  match: [
    { from: 523.25, to: 587.33, startsAt: 0, endsAt: 0.3 },
    { from: 698.46, to: 659.25, startsAt: 0.09, endsAt: 0.3 },
  ],
  message: [{ from: 659.25, to: 698.46, startsAt: 0, endsAt: 0.16 }],
};

/** Somebody who looks at the page needs less than somebody who is called back from another tab. */
const LOUDNESS = { soft: 0.035, clear: 0.08 } as const;

/** The sounds of the page. It makes none before the first gesture of the user, because browsers allow none. */
export class Chime {
  private context: AudioContext | null = null;

  /** Call it during a gesture of the user. */
  prepare(): void {
    if (typeof AudioContext === 'undefined') return;
    this.context ??= new AudioContext();
    void this.context.resume().catch(() => undefined);
  }

  play(note: Note, loudness: keyof typeof LOUDNESS): void {
    const { context } = this;
    if (context?.state !== 'running') return;
    const begin = context.currentTime;
    for (const { from, to, startsAt, endsAt } of NOTES[note]) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const start = begin + startsAt;
      const end = begin + endsAt;
      tone.type = 'sine';
      tone.frequency.setValueAtTime(from, start);
      tone.frequency.linearRampToValueAtTime(to, end);
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(LOUDNESS[loudness], start + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, end);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(end);
    }
  }
}
