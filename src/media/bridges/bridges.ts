import { DomainError } from '../../domain/error';
import type { Line } from '../line';

/** A bridge that exists: between two lines of this node, or this node's leg of a bridge over two nodes. */
export interface ActiveBridge {
  readonly generation: number;
  readonly consumers: number;
  readonly pipes: number;
  resumeConsumers(isOpen: boolean): Promise<void>;
  resumeProducers(isOpen: boolean): Promise<void>;
  /** Idempotent. */
  close(): void;
}

/** One attempt at making a bridge, as the code that makes it sees it. */
export interface Attempt {
  /** Aborted when the bridge is closed, or a newer one requested, before it is made. */
  readonly signal: AbortSignal;
  /** Throws `DomainError('line_missing')` when the attempt was aborted or one of its lines is closed. */
  readonly check: () => void;
}

export interface Target {
  readonly callId: string;
  readonly generation: number;
  /** The call's present bridge stays open until it is closed by its own generation. */
  readonly makeBeforeBreak?: boolean | undefined;
  /** The lines of this node that take part. */
  readonly lines: readonly Line[];
}

type BridgeListener = (callId: string, generation: number) => void;

export interface BridgesEvents {
  /** A bridge was closed in favour of another one; the node that owns its call may not know. */
  readonly broken: BridgeListener;
  readonly flowing: BridgeListener;
  readonly ended: BridgeListener;
}

interface ActiveEntry {
  readonly bridge: ActiveBridge;
  readonly lines: readonly Line[];
  isFlowing: boolean;
}

/**
 * The bridges on this node, made and being made. The newest generation of a call wins, in whatever order the requests
 * arrive. A call has one bridge, and for a moment two when one of its lines has moved: the new bridge is made while the
 * old one still flows.
 *
 * The node that requested a bridge may die without closing it. So a bridge ends with its lines, and as soon as one of
 * its lines is bridged for another call. Otherwise a peer would still see a former partner.
 *
 * Cascade of `close()`: pending attempts are aborted, bridges are closed.
 */
export class Bridges {
  /** By call, oldest first. */
  private readonly made = new Map<string, readonly ActiveEntry[]>();
  private readonly pending = new Map<
    string,
    { readonly generation: number; readonly abort: AbortController }
  >();

  constructor(private readonly events: BridgesEvents) {}

  get all(): readonly ActiveBridge[] {
    return [...this.made.values()].flat().map(({ bridge }) => bridge);
  }

  /** The call's bridge of this generation. */
  get(callId: string, generation: number): ActiveBridge | undefined {
    return this.made.get(callId)?.find(({ bridge }) => bridge.generation === generation)?.bridge;
  }

  /** Closes the call's bridge, unless `makeBeforeBreak`, and makes a new one. An aborted attempt leaves nothing behind. */
  async make<Answer>(
    { callId, generation, lines, makeBeforeBreak = false }: Target,
    action: (attempt: Attempt) => Promise<{ readonly bridge: ActiveBridge; readonly answer: Answer }>,
  ): Promise<Answer> {
    const present = this.pending.get(callId) ?? this.made.get(callId)?.at(-1)?.bridge;
    if (present !== undefined && present.generation > generation) {
      throw new DomainError('line_missing', 'the call has a newer bridge by now');
    }
    this.abort(callId);
    if (!makeBeforeBreak) this.breakWhere((_, id) => id === callId);
    const own = { generation, abort: new AbortController() };
    const { signal } = own.abort;
    const check = (): void => {
      if (!signal.aborted && !lines.some(({ isClosed }) => isClosed)) return;
      throw new DomainError('line_missing', 'the bridge was closed before it was made');
    };
    this.pending.set(callId, own);
    try {
      const { bridge, answer } = await action({ signal, check });
      try {
        check();
      } catch (error) {
        bridge.close();
        throw error;
      }
      const shares = ({ lines: taken }: ActiveEntry): boolean => taken.some((line) => lines.includes(line));
      this.breakWhere((entry, id) => id !== callId && shares(entry));
      this.made.set(callId, [...(this.made.get(callId) ?? []), { bridge, lines, isFlowing: false }]);
      return answer;
    } finally {
      if (this.pending.get(callId) === own) this.pending.delete(callId);
    }
  }

  /** Media flows through this bridge from now on. Told once, though sound may be added later. */
  flows(callId: string, generation: number): void {
    const entry = this.made.get(callId)?.find(({ bridge }) => bridge.generation === generation);
    if (entry === undefined || entry.isFlowing) return;
    entry.isFlowing = true;
    this.events.flowing(callId, generation);
  }

  /** A bridge of a newer generation is left alone. */
  closeUpTo(callId: string, generation = Infinity): void {
    this.abort(callId, generation);
    this.closeWhere(({ bridge }, id) => id === callId && bridge.generation <= generation);
  }

  lineClosed(line: Line): void {
    this.closeWhere(({ lines }) => lines.includes(line));
  }

  close(): void {
    for (const callId of [...this.pending.keys(), ...this.made.keys()]) this.closeUpTo(callId);
  }

  private breakWhere(isBroken: (entry: ActiveEntry, callId: string) => boolean): void {
    for (const { callId, generation } of this.closeWhere(isBroken)) this.events.broken(callId, generation);
  }

  private closeWhere(
    isOver: (entry: ActiveEntry, callId: string) => boolean,
  ): { callId: string; generation: number }[] {
    const closed: { callId: string; generation: number }[] = [];
    for (const [callId, entries] of this.made) {
      const over = entries.filter((entry) => isOver(entry, callId));
      if (over.length === 0) continue;
      const left = entries.filter((entry) => !over.includes(entry));
      if (left.length > 0) this.made.set(callId, left);
      else this.made.delete(callId);
      for (const { bridge } of over) {
        bridge.close();
        closed.push({ callId, generation: bridge.generation });
      }
    }
    for (const { callId, generation } of closed) this.events.ended(callId, generation);
    return closed;
  }

  private abort(callId: string, generation = Infinity): void {
    const attempt = this.pending.get(callId);
    if (attempt === undefined || attempt.generation > generation) return;
    this.pending.delete(callId);
    attempt.abort.abort();
  }
}
