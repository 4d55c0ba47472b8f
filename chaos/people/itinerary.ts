/** A time in which one believed to be together with the partner: connected oneself, and not told that they are away. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A call as one of its two knew it. */
export interface Stay {
  readonly callId: string;
  readonly self: string;
  readonly partner: string;
  readonly from: number;
  readonly to: number;
  readonly stretches: readonly Stretch[];
  /** How one learnt of its end. */
  readonly how: string;
  /** The call one was in, as far as one had been told, when this one was announced. */
  readonly instead: string | null;
}

interface Open {
  readonly callId: string;
  readonly self: string;
  readonly partner: string;
  readonly from: number;
  readonly instead: string | null;
  readonly stretches: Stretch[];
  together: number | null;
}

/** The calls of one person, one after the other, as they were told of them. */
export class Itinerary {
  private readonly past: Stay[] = [];
  private open: Open | undefined;

  get callId(): string | undefined {
    return this.open?.callId;
  }

  get partner(): string | undefined {
    return this.open?.partner;
  }

  get self(): string | undefined {
    return this.open?.self;
  }

  found(callId: string, self: string, partner: string, at = Date.now()): void {
    if (this.open?.callId === callId) {
      this.together(at);
      return;
    }
    const instead = this.open?.callId ?? null;
    this.ended('another call', at);
    this.open = { callId, self, partner, from: at, instead, stretches: [], together: at };
  }

  /** The partner, or one's own connection, is away. */
  apart(at = Date.now()): void {
    const { open } = this;
    if (open === undefined || open.together === null) return;
    open.stretches.push({ from: open.together, to: at });
    open.together = null;
  }

  together(at = Date.now()): void {
    if (this.open !== undefined) this.open.together ??= at;
  }

  ended(how: string, at = Date.now()): void {
    this.apart(at);
    const { open } = this;
    if (open === undefined) return;
    const { callId, self, partner, from, stretches, instead } = open;
    this.past.push({ callId, self, partner, from, to: at, stretches, how, instead });
    this.open = undefined;
  }

  /** All calls so far; one that goes on is taken to last until now. */
  stays(now = Date.now()): readonly Stay[] {
    const { open } = this;
    if (open === undefined) return this.past;
    const { callId, self, partner, from, instead, stretches, together } = open;
    const last = together === null ? [] : [{ from: together, to: now }];
    return [
      ...this.past,
      { callId, self, partner, from, to: now, stretches: [...stretches, ...last], how: 'goes on', instead },
    ];
  }
}
