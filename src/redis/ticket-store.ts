import { randomBytes } from 'node:crypto';
import type { Clock } from '../app/ports/clock';
import type { Claim, TicketEvent, TicketStore } from '../app/matchmaking/ticket-store';
import { shardName, shardOf, type Ticket } from '../domain/pairing';
import type { RedisConnection } from './connection';
import { Subscriptions } from './subscriptions';
import { Admission } from './tickets/admission';
import { TicketKeys, isShardName } from './tickets/keys';
import { Orphans } from './tickets/orphans';
import { PeerTickets } from './tickets/peer-tickets';
import { decodeTicket } from './tickets/record';
import { ServerTime } from './tickets/server-time';
import { ShardFeed } from './tickets/shard-feed';
import { ShardTickets } from './tickets/shard-tickets';
import { KEY_PREFIX } from './key-prefix';

type TicketKey = Pick<Ticket, 'id' | 'peerId'>;

export interface RedisTicketStoreOptions {
  readonly redis: RedisConnection;
  readonly clock: Clock;
  /** Starts every key; `KEY_PREFIX` by default. Stores with the same prefix are one store. */
  readonly prefix?: string;
  /** Into how many buckets peers are divided, over the servers of a cluster. The same for all nodes. */
  readonly buckets?: number;
  /** Called with each error in the background. The store recovers by itself. */
  readonly onError?: (error: unknown) => void;
}

const CLUSTER_BUCKETS = 32;
const CLAIMS_A_CALL = 256;

/**
 * Waiting tickets of all nodes, in one Redis or a cluster of them.
 *
 * What is atomic: each claim, removal, touch and expiry of a ticket, since each is one script in the ticket's shard,
 * whose keys share a hash tag. A ticket waits from the moment it is put into its shard until one such script takes
 * it out, so it is taken once, whatever else happens. The rule of one ticket per peer spans servers: see `Admission`.
 * The peer's entry is dropped after the ticket has gone. If the process dies before that, the next `add` for the peer
 * finds the stale entry, or else `expire` does (`Orphans`).
 *
 * No command is ever sent twice. A command that was under way when a connection broke is rejected, and may have been
 * carried out. An addition is then undone. A claim can be made again by its caller, as the port says.
 *
 * Redis may lose writes: a failover before the replica had them, a restart without the last second. This store cannot
 * prevent it, and a claimed ticket may then wait again. Its peer no longer searches with it, which is checked when a call
 * is opened. No node touches the ticket, so it expires. Followers see a gap in the numbers and read everything again.
 *
 * By the rules of pairing all tickets of a claim are of one shard. A claim over several shards is lost.
 */
export class RedisTicketStore implements TicketStore {
  private readonly keys: TicketKeys;
  private readonly time: ServerTime;
  private readonly peers: PeerTickets;
  private readonly admission: Admission;
  private readonly orphans: Orphans;
  private readonly subscriptions: Subscriptions;
  private readonly shardTickets = new Map<string, ShardTickets>();
  private readonly feeds = new Map<string, { readonly feed: ShardFeed; readonly started: Promise<void> }>();
  private readonly name = randomBytes(6).toString('base64url');
  private calls = 0;
  private closed = false;

  constructor(private readonly options: RedisTicketStoreOptions) {
    const { redis, clock } = options;
    this.keys = new TicketKeys(
      options.prefix ?? KEY_PREFIX,
      options.buckets ?? (redis.isCluster ? CLUSTER_BUCKETS : 1),
    );
    const shard = (name: string): ShardTickets => this.shard(name);
    this.time = new ServerTime(redis, clock);
    this.peers = new PeerTickets(redis, this.keys, this.time, clock);
    this.admission = new Admission({
      peers: this.peers,
      shard,
      clock,
      nonce: () => this.nonce(),
      onError: (error) => this.report(error),
    });
    this.orphans = new Orphans(this.peers, shard, (error) => this.report(error));
    this.subscriptions = new Subscriptions(redis);
  }

  async add(ticket: Ticket): Promise<boolean> {
    this.assertOpen();
    return this.admission.add(ticket, shardName(shardOf(ticket)));
  }

  async remove({ id, peerId }: TicketKey): Promise<boolean> {
    this.assertOpen();
    const holding = await this.peers.look(peerId);
    if (holding?.ticketId !== id) return false;
    if (!(await this.shard(holding.shard).remove(id))) return false;
    this.dropEntries([{ id, peerId }]);
    return true;
  }

  async ticketOf(peerId: string): Promise<string | null> {
    this.assertOpen();
    return (await this.peers.look(peerId))?.ticketId ?? null;
  }

  async claim(claims: readonly Claim[]): Promise<boolean[]> {
    this.assertOpen();
    const answers = claims.map(() => false);
    const byShard = new Map<string, number[]>();
    claims.forEach((claim, index) => {
      const [shard, another] = new Set(claim.map((ticket) => shardName(shardOf(ticket))));
      if (shard === undefined || another !== undefined) return;
      const own = byShard.get(shard) ?? [];
      own.push(index);
      byShard.set(shard, own);
    });
    const claimed = [...byShard].map(([shard, indexes]) => this.claimIn(shard, claims, indexes, answers));
    await Promise.all(claimed);
    return answers;
  }

  async touch(tickets: readonly TicketKey[], now: number): Promise<string[]> {
    this.assertOpen();
    const gone = new Set<string>();
    const byShard = new Map<string, string[]>();
    const looked = tickets.map(async ({ id, peerId }) => {
      const holding = await this.peers.look(peerId);
      if (holding?.ticketId !== id) {
        gone.add(id);
        return;
      }
      const own = byShard.get(holding.shard) ?? [];
      own.push(id);
      byShard.set(holding.shard, own);
    });
    await Promise.all(looked);
    for (const [shard, ids] of byShard) {
      for (const id of await this.shard(shard).touch(ids, now)) gone.add(id);
    }
    return tickets.filter(({ id }) => gone.has(id)).map(({ id }) => id);
  }

  async expire(now: number, limits: { staleMs: number; maxAgeMs: number }): Promise<Ticket[]> {
    this.assertOpen();
    const expired: Ticket[] = [];
    try {
      for (const shard of await this.listed()) {
        await this.shard(shard).expire(now, limits, (json) => this.addReadable(expired, json));
      }
      await this.peers.drop(expired);
      await this.admission.settle();
      await this.orphans.sweep();
    } catch (error) {
      // The tickets that were taken out must be returned. The failure comes up again the next time.
      if (expired.length === 0) throw error;
      this.report(error);
    }
    return expired;
  }

  async shards(): Promise<string[]> {
    this.assertOpen();
    const listed = await this.listed();
    const counts = await Promise.all(listed.map((shard) => this.shard(shard).count()));
    return listed.filter((_, index) => (counts[index] ?? 0) > 0);
  }

  async count(shard: string): Promise<number> {
    this.assertOpen();
    return this.shard(shard).count();
  }

  async follow(shard: string, listener: (event: TicketEvent) => void): Promise<() => void> {
    this.assertOpen();
    const { feed, started } = this.feedOf(shard);
    try {
      await started;
    } catch (error) {
      this.dropUnused(shard, feed);
      throw error;
    }
    this.assertOpen();
    // Other followers may have left during the wait, so that the feed was dropped.
    if (this.feeds.get(shard)?.feed !== feed) return this.follow(shard, listener);
    const unlisten = feed.listen(listener);
    return () => {
      unlisten();
      this.dropUnused(shard, feed);
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { feed } of this.feeds.values()) feed.stop();
    this.feeds.clear();
    this.subscriptions.close();
  }

  private async claimIn(
    shard: string,
    claims: readonly Claim[],
    indexes: readonly number[],
    answers: boolean[],
  ): Promise<void> {
    for (let first = 0; first < indexes.length; first += CLAIMS_A_CALL) {
      const some = indexes.slice(first, first + CLAIMS_A_CALL);
      const ids = some.map((index) => (claims[index] ?? []).map(({ id }) => id));
      const { won, change } = await this.shard(shard).claim(ids);
      some.forEach((index, at) => (answers[index] = won[at] === true));
      this.dropEntries(some.filter((_, at) => won[at] === true).flatMap((index) => claims[index] ?? []));
      // Followers on this node see a change before the claim's result, and so also the change that made a claim lose.
      await this.feeds.get(shard)?.feed.reached(change);
    }
  }

  /** Drops the entries of peers whose tickets have left the store. Not awaited: `add` and `expire` repair a failure. */
  private dropEntries(tickets: readonly TicketKey[]): void {
    this.peers.drop(tickets).catch((error: unknown) => this.report(error));
  }

  private feedOf(shard: string): { readonly feed: ShardFeed; readonly started: Promise<void> } {
    const running = this.feeds.get(shard);
    if (running !== undefined) return running;
    const feed = new ShardFeed({
      redis: this.options.redis,
      subscriptions: this.subscriptions,
      clock: this.options.clock,
      keys: this.keys.of(shard),
      time: this.time,
      onError: (error) => this.report(error),
    });
    const made = { feed, started: feed.start() };
    this.feeds.set(shard, made);
    return made;
  }

  private dropUnused(shard: string, feed: ShardFeed): void {
    if (feed.isUsed || this.feeds.get(shard)?.feed !== feed) return;
    this.feeds.delete(shard);
    feed.stop();
  }

  private shard(name: string): ShardTickets {
    let shard = this.shardTickets.get(name);
    if (shard === undefined) {
      shard = new ShardTickets(this.options.redis, this.keys, name, this.time, () => this.nonce());
      this.shardTickets.set(name, shard);
    }
    return shard;
  }

  /** Skips names that are not names of shards, so that they do not stop the maintenance of the others. */
  private async listed(): Promise<string[]> {
    const { redis } = this.options;
    const names = await redis.answer(redis.client.smembers(this.keys.shards));
    return names.filter((name) => {
      if (isShardName(name)) return true;
      this.report(new Error('the list of shards holds an invalid name'));
      return false;
    });
  }

  private addReadable(tickets: Ticket[], json: string): void {
    try {
      tickets.push(decodeTicket(JSON.parse(json), this.time.offset));
    } catch (error) {
      this.report(error);
    }
  }

  private nonce(): string {
    this.calls++;
    return `${this.name}${this.calls.toString(36)}`;
  }

  private report(error: unknown): void {
    if (!this.closed) this.options.onError?.(error);
  }

  private assertOpen(): void {
    if (this.closed) throw new Error('the ticket store is closed');
  }
}
