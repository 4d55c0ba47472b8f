import { DomainError } from '../../domain/error';
import type { Line } from '../line';

/** A joining that stands, of both lines or of one side. */
export interface ActiveBridge {
  readonly generation: number;
  readonly consumers: number;
  readonly pipes: number;
  resumeConsumers(sound: boolean): Promise<void>;
  resumeProducers(sound: boolean): Promise<void>;
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
  /** What the call has goes on until it is parted by its own generation. */
  readonly makeBeforeBreak?: boolean | undefined;
  /** The lines of this node that take part. */
  readonly lines: readonly Line[];
}

interface ActiveEntry {
  readonly bridge: ActiveBridge;
  readonly lines: readonly Line[];
}

/**
 * The joinings on this node, made and being made: the newest generation of a call wins, in whatever order requests come.
 * A call has one, and for a moment two where a line has moved: the new one is made beside the one that still flows.
 *
 * Who asked for a joining may die without a word of its end. It ends with its lines, and as soon as one of them is joined
 * for another call: nobody goes on seeing somebody who has long met somebody else.
 *
 * Cascade of `close()`: attempts under way are called off, joinings are closed.
 */
export class Bridges {
  constructor(
    /** A joining had to give way to another one, of whose home its own may not know. */
    private readonly gaveWay: (callId: string, generation: number) => void,
  ) {}

  /** Oldest first. */
  private readonly made = new Map<string, readonly ActiveEntry[]>();
  private readonly underWay = new Map<
    string,
    { readonly generation: number; readonly cancel: AbortController }
  >();

  get all(): readonly ActiveBridge[] {
    return [...this.made.values()].flat().map(({ bridge }) => bridge);
  }

  /** The call's joining, if it is of this generation. */
  get(callId: string, generation: number): ActiveBridge | undefined {
    return this.made.get(callId)?.find(({ bridge }) => bridge.generation === generation)?.bridge;
  }

  /** Closes what the call had and makes anew. Nothing of an attempt that was called off meanwhile is left behind. */
  async make<Answer>(
    { callId, generation, lines, makeBeforeBreak = false }: Target,
    action: (attempt: Attempt) => Promise<{ readonly bridge: ActiveBridge; readonly answer: Answer }>,
  ): Promise<Answer> {
    const present = this.underWay.get(callId) ?? this.made.get(callId)?.at(-1)?.bridge;
    if (present !== undefined && present.generation > generation) {
      throw new DomainError('line_missing', 'the call has been joined anew meanwhile');
    }
    if (makeBeforeBreak) this.callOff(callId);
    else this.giveWay(callId);
    const own = { generation, cancel: new AbortController() };
    const { signal } = own.cancel;
    const check = (): void => {
      if (!signal.aborted && !lines.some(({ isClosed }) => isClosed)) return;
      throw new DomainError('line_missing', 'the joining was given up while it was made');
    };
    this.underWay.set(callId, own);
    try {
      const { bridge, answer } = await action({ signal, check });
      try {
        check();
      } catch (error) {
        bridge.close();
        throw error;
      }
      const shares = ({ lines: taken }: ActiveEntry): boolean => taken.some((line) => lines.includes(line));
      this.tell(this.closeWhere((standing, id) => id !== callId && shares(standing)));
      this.made.set(callId, [...(this.made.get(callId) ?? []), { bridge, lines }]);
      return answer;
    } finally {
      if (this.underWay.get(callId) === own) this.underWay.delete(callId);
    }
  }

  /** With a generation, a newer joining than that is left alone. */
  closeFor(callId: string, generation = Infinity): void {
    this.callOff(callId, generation);
    this.closeWhere(({ bridge }, id) => id === callId && bridge.generation <= generation);
  }

  /** What was joined with this line has nothing left to carry. */
  lineClosed(line: Line): void {
    this.closeWhere(({ lines }) => lines.includes(line));
  }

  close(): void {
    for (const callId of [...this.underWay.keys(), ...this.made.keys()]) this.closeFor(callId);
  }

  private giveWay(callId: string): void {
    this.callOff(callId);
    this.tell(this.closeWhere((_, id) => id === callId));
  }

  private tell(closed: readonly { callId: string; generation: number }[]): void {
    for (const { callId, generation } of closed) this.gaveWay(callId, generation);
  }

  private closeWhere(isOver: (standing: ActiveEntry, callId: string) => boolean) {
    const closed: { callId: string; generation: number }[] = [];
    for (const [callId, standing] of this.made) {
      const over = standing.filter((one) => isOver(one, callId));
      if (over.length === 0) continue;
      const left = standing.filter((one) => !over.includes(one));
      if (left.length > 0) this.made.set(callId, left);
      else this.made.delete(callId);
      for (const { bridge } of over) {
        bridge.close();
        closed.push({ callId, generation: bridge.generation });
      }
    }
    return closed;
  }

  private callOff(callId: string, generation = Infinity): void {
    const attempt = this.underWay.get(callId);
    if (attempt === undefined || attempt.generation > generation) return;
    this.underWay.delete(callId);
    attempt.cancel.abort();
  }
}
