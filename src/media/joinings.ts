import { Refusal } from '../domain/refusal';
import type { Line } from './line';

/** A joining that stands, of both lines or of one side. */
export interface MadeJoining {
  readonly generation: number;
  readonly consumers: number;
  readonly pipes: number;
  openWay(sound: boolean): Promise<void>;
  letFlow(sound: boolean): Promise<void>;
  /** Idempotent. */
  close(): void;
}

/** One attempt at joining, for those who make it. */
export interface Attempt {
  /** Aborted when the call is parted or joined anew meanwhile. */
  readonly signal: AbortSignal;
  /** Refuses when there is no more use in going on. */
  check(): void;
}

export interface Target {
  readonly callId: string;
  readonly generation: number;
  /** The lines of this node that take part. */
  readonly lines: readonly Line[];
}

/**
 * The joinings on this node, made and being made: at most one a call, and the newest generation wins, in whatever order
 * requests come.
 *
 * Cascade of `close()`: attempts under way are called off, joinings are closed.
 */
export class Joinings {
  private readonly made = new Map<string, MadeJoining>();
  private readonly underWay = new Map<
    string,
    { readonly generation: number; readonly cancel: AbortController }
  >();

  get all(): readonly MadeJoining[] {
    return [...this.made.values()];
  }

  /** The call's joining, if it is of this generation. */
  get(callId: string, generation: number): MadeJoining | undefined {
    const joining = this.made.get(callId);
    return joining?.generation === generation ? joining : undefined;
  }

  /** Closes what the call had and makes anew. Nothing of an attempt that was called off meanwhile is left behind. */
  async make<Answer>(
    { callId, generation, lines }: Target,
    action: (attempt: Attempt) => Promise<{ readonly joining: MadeJoining; readonly answer: Answer }>,
  ): Promise<Answer> {
    const present = this.underWay.get(callId) ?? this.made.get(callId);
    if (present !== undefined && present.generation > generation) {
      throw new Refusal('line_missing', 'the call has been joined anew meanwhile');
    }
    this.part(callId);
    const own = { generation, cancel: new AbortController() };
    const { signal } = own.cancel;
    const check = (): void => {
      if (!signal.aborted && !lines.some(({ isClosed }) => isClosed)) return;
      throw new Refusal('line_missing', 'the joining was given up while it was made');
    };
    this.underWay.set(callId, own);
    try {
      const { joining, answer } = await action({ signal, check });
      try {
        check();
      } catch (error) {
        joining.close();
        throw error;
      }
      this.made.set(callId, joining);
      return answer;
    } finally {
      if (this.underWay.get(callId) === own) this.underWay.delete(callId);
    }
  }

  /** With a generation, a newer joining than that is left alone. */
  part(callId: string, generation = Infinity): void {
    const attempt = this.underWay.get(callId);
    if (attempt !== undefined && attempt.generation <= generation) {
      this.underWay.delete(callId);
      attempt.cancel.abort();
    }
    const joining = this.made.get(callId);
    if (joining !== undefined && joining.generation <= generation) {
      this.made.delete(callId);
      joining.close();
    }
  }

  close(): void {
    for (const callId of [...this.underWay.keys(), ...this.made.keys()]) this.part(callId);
  }
}
