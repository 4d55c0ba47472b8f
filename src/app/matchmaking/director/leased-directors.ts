import type { Membership } from '../../cluster/membership';
import type { NodeMessenger } from '../../cluster/node-messenger';
import type { NodeAddress } from '../../ports/bus';
import type { Clock } from '../../ports/clock';
import type { ErrorReporter } from '../../ports/error-reporter';
import type { LeaseStore } from '../../ports/lease-store';
import { shardWanted } from '../messages';
import type { TicketStore } from '../ticket-store';

/** Begins and ends the directors of this node. */
export interface RunsDirectors {
  ensure(shard: string): void;
  end(shard: string): Promise<void>;
}

export interface LeasedDirectorsDeps {
  readonly directors: RunsDirectors;
  readonly leases: LeaseStore;
  readonly store: Pick<TicketStore, 'shards'>;
  readonly clock: Clock;
  readonly membership: Pick<Membership, 'all' | 'stateOf'>;
  readonly messenger: Pick<NodeMessenger, 'self' | 'notify' | 'onNotification'>;
  readonly reportError: ErrorReporter;
}

/** How long a director's lease lasts. If it is not renewed, any node may take it after that. */
const LEASE_MS = 2_000;
const LOOK_MS = 500;
/** How long an empty shard keeps its director: most shards are empty only between two matches. */
const IDLE_MS = 60_000;

const leaseKey = (shard: string): string => `director:${shard}`;

/**
 * One director a shard over all nodes, by leases. The node that a shard falls to (by rendezvous hashing over the
 * living nodes) takes its lease; the others leave the shard alone while that node lives. So the work is spread, and
 * moves little when nodes come and go. A lease only saves work: two directors of one shard at once lose claims to
 * each other, and nothing else. The store is the fence: a decision of a director that has lost its lease counts only
 * if its claim is won.
 */
export class LeasedDirectors {
  /** Shards that have their director here, and when they last had a waiting ticket. */
  private readonly held = new Map<string, number>();
  /** Shards to which tickets are being added, and which the store may not name yet. */
  private readonly wanted = new Set<string>();
  private readonly stop: () => void;
  private looking: Promise<void> | undefined;
  private again = false;
  /** The last look took as long as a lease lasts, and failed. */
  private wasLate = false;
  private closed = false;

  constructor(private readonly deps: LeasedDirectorsDeps) {
    // Another node adds a ticket to a shard that falls to this node, which so need not wait for its next look.
    deps.messenger.onNotification(shardWanted, ({ shard }) => this.ensure(shard));
    this.stop = deps.clock.every(LOOK_MS, () => this.look());
  }

  /** The shards that have their director here. */
  get shards(): readonly string[] {
    return [...this.held.keys()];
  }

  /** A ticket is about to be added to this shard, on this node or another. */
  ensure(shard: string): void {
    if (this.held.has(shard)) {
      this.held.set(shard, this.deps.clock.elapsed());
      this.deps.directors.ensure(shard);
      return;
    }
    if (this.wanted.has(shard)) return;
    this.wanted.add(shard);
    const node = this.nodeFor(shard);
    const { messenger } = this.deps;
    if (node === messenger.self) this.look();
    else if (node !== undefined) messenger.notify(node, shardWanted, { shard });
  }

  /** Whether a shard falls to this node. */
  isOwn(shard: string): boolean {
    return this.nodeFor(shard) === this.deps.messenger.self;
  }

  /** The node that a shard falls to; undefined where none may have directors. */
  nodeFor(shard: string): NodeAddress | undefined {
    const able = this.deps.membership.all().filter(({ role, draining }) => role !== 'media' && !draining);
    const ranked = able.map(({ address: node }) => ({ node, weight: weightOf(shard, node) }));
    return ranked.sort((a, b) => b.weight - a.weight || (a.node < b.node ? -1 : 1))[0]?.node;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stop();
    await this.looking;
    const shards = [...this.held.keys()];
    this.held.clear();
    await Promise.allSettled(
      shards.map((shard) => this.deps.leases.release(leaseKey(shard), this.deps.messenger.self)),
    );
  }

  private look(): void {
    if (this.closed) return;
    if (this.looking !== undefined) {
      this.again = true;
      return;
    }
    const begunAt = this.deps.clock.elapsed();
    this.looking = this.run()
      .then(() => void (this.wasLate = false))
      .catch((error: unknown) => this.failed(error, begunAt))
      .finally(() => {
        this.looking = undefined;
        if (!this.again) return;
        this.again = false;
        this.look();
      });
  }

  /** A node that was held up for as long as a lease lasts looks again at once; only the second time it is an error. */
  private failed(error: unknown, begunAt: number): void {
    const isLate = this.deps.clock.elapsed() - begunAt >= LEASE_MS;
    if (isLate && !this.wasLate) this.again = true;
    else this.deps.reportError(error, 'leases of directors could not be renewed');
    this.wasLate = isLate;
  }

  private async run(): Promise<void> {
    const { store, leases, directors, messenger } = this.deps;
    const { self } = messenger;
    const now = this.deps.clock.elapsed();
    if (this.held.size > 0) {
      const renewals = [...this.held.keys()].map((shard) => ({ key: leaseKey(shard), value: '' }));
      for (const key of await leases.renew(self, renewals, LEASE_MS))
        this.drop(key.slice('director:'.length));
    }
    const shards = new Set([...(await store.shards()), ...this.wanted]);
    this.wanted.clear();
    for (const shard of shards) {
      if (this.held.has(shard)) {
        this.held.set(shard, now);
        directors.ensure(shard);
      } else if (this.isOwn(shard)) await this.take(shard);
    }
    for (const [shard, neededAt] of this.held) {
      if (!this.isOwn(shard) || now - neededAt >= IDLE_MS) await this.giveUp(shard);
    }
  }

  private async take(shard: string): Promise<void> {
    const { leases, messenger, membership, directors } = this.deps;
    const { self } = messenger;
    const key = leaseKey(shard);
    const first = await leases.take(key, self, { ttlMs: LEASE_MS });
    const lease =
      first.holder !== self && membership.stateOf(first.holder) === 'dead'
        ? await leases.take(key, self, { ttlMs: LEASE_MS, from: first.holder })
        : first;
    if (this.closed || lease.holder !== self) return;
    this.held.set(shard, this.deps.clock.elapsed());
    directors.ensure(shard);
  }

  /** The shard falls to another node, or is empty. */
  private async giveUp(shard: string): Promise<void> {
    this.drop(shard);
    await this.deps.leases.release(leaseKey(shard), this.deps.messenger.self);
  }

  private drop(shard: string): void {
    this.held.delete(shard);
    this.deps.directors
      .end(shard)
      .catch((error: unknown) => this.deps.reportError(error, 'a director could not be ended'));
  }
}

/** FNV-1a over both names: the same on all nodes, and even enough for some dozen shards. */
function weightOf(shard: string, node: NodeAddress): number {
  let hash = 0x811c9dc5;
  for (const character of `${shard} ${node}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
