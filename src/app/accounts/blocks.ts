import { DomainError } from '../../domain/error';
import { userIdOf } from '../../domain/users';
import type { Identity } from './identity';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { notLongerThan } from '../ports/not-longer-than';
import type { BlockJournal } from './ports/block-journal';
import type { Block, Users } from './ports/users';
import type { AccountEventBus } from './account-events';
import type { GuestPersistence } from './guest-persistence';

/** How long a reply waits until a block is kept. The block holds before, and is kept in its turn after that. */
const KEPT_WITHIN_MS = 800;
/** How long taking a block back may wait for blocks that are still to be written. */
const SETTLED_WITHIN_MS = 2_000;
const RETRY_MS = 5_000;

export interface BlocksDeps {
  readonly users: Users;
  readonly journal: BlockJournal;
  readonly guestPersistence: Pick<GuestPersistence, 'blockerOf'>;
  readonly accountEvents: AccountEventBus;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** The users whom a user never wants to meet again, kept beyond the visit (A3). */
export class Blocks {
  /** For each block that is being handed to the journal: users who were erased meanwhile. */
  private readonly underWay = new Set<Set<string>>();
  /** Blocks that are not kept yet, with their users. The reply may have been given: it does not wait for long. */
  private readonly pending = new Map<Promise<unknown>, string>();

  /** @param eventsOfAllNodes say who is erased anywhere */
  constructor(
    private readonly deps: BlocksDeps,
    eventsOfAllNodes: Pick<AccountEventBus, 'on'>,
  ) {
    eventsOfAllNodes.on({
      erased: (userId) => {
        for (const erased of this.underWay) erased.add(userId);
      },
    });
  }

  /** Newest first. Blocks that are still to be written are waited for, but not for long. */
  async list(userId: string): Promise<Block[]> {
    await this.settled(userId);
    const blocks = (await this.deps.users.get(userId))?.blocks ?? [];
    return [...blocks].sort((one, other) => other.at - one.at);
  }

  /**
   * Holds for all windows of both users at once, and for later ones. Idempotent. Resolves once it is kept, or when that
   * takes longer than a moment: it is then kept in its turn, as long as the process lives. Throws
   * `DomainError('records_unavailable')` when it is kept for this visit only. `false`: nothing is kept of this guest.
   */
  async block(
    identity: Identity,
    other: { readonly userId: string; readonly name: string },
  ): Promise<boolean> {
    const { clock, reportError } = this.deps;
    const kept = this.keep(identity, other);
    const settled = kept.catch(() => undefined).finally(() => this.pending.delete(settled));
    this.pending.set(settled, userIdOf(identity.userId));
    return notLongerThan(kept, {
      clock,
      ms: KEPT_WITHIN_MS,
      otherwise: true,
      failedLater: (error) => reportError(error, 'a block could not be kept'),
    });
  }

  /**
   * Ignored when there is no such block. Throws `DomainError('records_unavailable')`, also while blocks are still to be
   * written: one of them would come back after this.
   */
  async unblock(userId: string, otherId: string): Promise<void> {
    const { users, accountEvents, clock } = this.deps;
    if (!(await this.settled(userId)))
      throw new DomainError('records_unavailable', 'blocks are still to be written', RETRY_MS);
    await users.unblock(userId, otherId, clock.now());
    accountEvents.unblocked(userId, otherId);
  }

  /** `false`: it takes too long until every block that the user has made before is in the store. */
  private async settled(userId: string): Promise<boolean> {
    const { journal, clock } = this.deps;
    const until = clock.elapsed() + SETTLED_WITHIN_MS;
    const own = [...this.pending].flatMap(([settled, of]) => (of === userId ? [settled] : []));
    const inTime = await notLongerThan(
      Promise.all(own).then(() => true),
      {
        clock,
        ms: SETTLED_WITHIN_MS,
        otherwise: false,
        failedLater: () => undefined,
      },
    );
    return inTime && (await journal.settled(Math.max(0, until - clock.elapsed())));
  }

  private async keep(
    identity: Identity,
    other: { readonly userId: string; readonly name: string },
  ): Promise<boolean> {
    const { journal, guestPersistence, accountEvents, clock } = this.deps;
    const [userId, otherId] = [userIdOf(identity.userId), userIdOf(other.userId)];
    accountEvents.blocked(userId, otherId);
    const erased = new Set<string>();
    this.underWay.add(erased);
    const blocker = await guestPersistence
      .blockerOf(identity)
      .finally(() => void this.underWay.delete(erased));
    // What is written from now on would bring a user back who has just been erased.
    if (blocker === null || erased.has(userId) || erased.has(otherId)) return false;
    await journal.write(blocker, { userId: otherId, name: other.name, at: clock.now() });
    // Repeated: a window that opened meanwhile may have read the blocks before this one was among them.
    accountEvents.blocked(userId, otherId);
    return true;
  }
}
