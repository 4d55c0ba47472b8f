/**
 * A time in which a client was with its partner by its own state: connected, not notified that either is away, and not in
 * doubt because the server is silent.
 */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** A call as one of its two participants knew it. Times are in ms since the epoch. */
export interface KnownCall {
  readonly callId: string;
  readonly self: string;
  readonly partner: string;
  readonly from: number;
  readonly to: number;
  readonly together: readonly Interval[];
  /** How the participant learnt of its end. */
  readonly how: string;
  /** The call the participant was in, by its own state, when this one was announced. */
  readonly instead: string | null;
}

interface CurrentCall {
  readonly callId: string;
  readonly self: string;
  readonly partner: string;
  readonly from: number;
  readonly instead: string | null;
  readonly together: Interval[];
  togetherSince: number | null;
  /** The partner, or the own connection, is away. */
  isApart: boolean;
}

/** The calls of one client, one after the other, by its own state. */
export class CallHistory {
  private readonly past: KnownCall[] = [];
  private current: CurrentCall | undefined;
  private isInDoubt = false;

  get callId(): string | undefined {
    return this.current?.callId;
  }

  found(callId: string, self: string, partner: string, at = Date.now()): void {
    if (this.current?.callId === callId) {
      this.together(at);
      return;
    }
    const instead = this.current?.callId ?? null;
    this.ended('another call', at);
    this.current = {
      callId,
      self,
      partner,
      from: at,
      instead,
      together: [],
      togetherSince: at,
      isApart: false,
    };
  }

  /** The partner, or one's own connection, is away. */
  apart(at = Date.now()): void {
    if (this.current !== undefined) this.current.isApart = true;
    this.pause(at);
  }

  together(at = Date.now()): void {
    const { current } = this;
    if (current === undefined) return;
    current.isApart = false;
    if (!this.isInDoubt) current.togetherSince ??= at;
  }

  /** The server is silent, so the client cannot say that the partner is still there; or it speaks again. */
  inDoubt(isInDoubt: boolean, at = Date.now()): void {
    this.isInDoubt = isInDoubt;
    if (isInDoubt) this.pause(at);
    else if (this.current?.isApart === false) this.together(at);
  }

  private pause(at: number): void {
    const { current } = this;
    if (current === undefined || current.togetherSince === null) return;
    current.together.push({ from: current.togetherSince, to: at });
    current.togetherSince = null;
  }

  ended(how: string, at = Date.now()): void {
    this.apart(at);
    const { current } = this;
    if (current === undefined) return;
    const { callId, self, partner, from, together, instead } = current;
    this.past.push({ callId, self, partner, from, to: at, together, how, instead });
    this.current = undefined;
  }

  /** All calls so far; one that goes on is taken to last until now. */
  calls(now = Date.now()): readonly KnownCall[] {
    const { current } = this;
    if (current === undefined) return this.past;
    const { callId, self, partner, from, instead, together, togetherSince } = current;
    const last = togetherSince === null ? [] : [{ from: togetherSince, to: now }];
    const how = 'goes on';
    return [
      ...this.past,
      { callId, self, partner, from, to: now, together: [...together, ...last], how, instead },
    ];
  }
}
