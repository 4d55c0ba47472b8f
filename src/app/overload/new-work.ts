import { nextPace, takeTurn, type PaceLimits, type Strain } from '../../domain/pace';
import { DomainError } from '../../domain/error';
import type { Clock } from '../ports/clock';

/** The kinds of new work. What ends something, or goes on with something, is never delayed. */
export const NEW_WORK = ['greeting', 'search'] as const;
export type NewWorkKind = (typeof NEW_WORK)[number];

const ADAPT_MS = 250;
/** A node begins with this pace, and finds out what it can carry. */
const FIRST_PER_SECOND = 100;
/** Whoever would wait for longer is told when to come again (ms). */
const MOST_WAIT_MS: Readonly<Record<NewWorkKind, number>> = { greeting: 4_000, search: 8_000 };

export interface NewWorkOptions {
  readonly clock: Clock;
  readonly strain: () => Strain;
  readonly limits: PaceLimits;
}

/**
 * Admits new people and new searches at the pace that this node can carry, so that those who are here already are not
 * harmed. Each kind of work has a line of its own.
 */
export class NewWork {
  readonly counts: Readonly<Record<NewWorkKind, { begun: number; delayed: number; refused: number }>> = {
    greeting: { begun: 0, delayed: 0, refused: 0 },
    search: { begun: 0, delayed: 0, refused: 0 },
  };
  private readonly nextAt: Record<NewWorkKind, number> = { greeting: 0, search: 0 };
  private pace: number;
  private readonly stop: () => void;

  constructor(private readonly options: NewWorkOptions) {
    const { clock, limits, strain } = options;
    this.pace = Math.min(limits.most, Math.max(limits.least, FIRST_PER_SECOND));
    this.stop = clock.every(ADAPT_MS, () => {
      this.pace = nextPace(this.pace, strain(), limits);
    });
  }

  get perSecond(): number {
    return this.pace;
  }

  /** How long the work has to wait until it may begin (ms). Throws `DomainError('server_busy')` with a later time. */
  take(kind: NewWorkKind): number {
    return this.turn(kind, MOST_WAIT_MS[kind]);
  }

  /** The same for work that goes on from something earlier, and is never refused. */
  takeSurely(kind: NewWorkKind): number {
    return this.turn(kind, Infinity);
  }

  /** Resolves when the work may begin. Throws `DomainError('server_busy')`. */
  async wait(kind: NewWorkKind): Promise<void> {
    const waitMs = this.take(kind);
    if (waitMs > 0) await new Promise<void>((resolve) => void this.options.clock.after(waitMs, resolve));
  }

  close(): void {
    this.stop();
  }

  private turn(kind: NewWorkKind, mostWaitMs: number): number {
    const line = { perSecond: this.pace, mostWaitMs };
    const turn = takeTurn(this.nextAt[kind], line, this.options.clock.elapsed());
    const counts = this.counts[kind];
    switch (turn.kind) {
      case 'refused':
        counts.refused += 1;
        throw new DomainError('server_busy', 'too many people come at this moment', turn.waitMs);
      case 'taken':
        this.nextAt[kind] = turn.nextAt;
        counts.begun += 1;
        if (turn.waitMs > 0) counts.delayed += 1;
        return turn.waitMs;
    }
  }
}
