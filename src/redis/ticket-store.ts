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
import { ShardFeed } from './tickets/shard-feed';
import { ShardTickets } from './tickets/shard-tickets';

type TicketKey = Pick<Ticket, 'id' | 'peerId'>;

export interface RedisTicketStoreOptions {
  readonly redis: RedisConnection;
  readonly clock: Clock;
  /** Begins every key; `passerby:` unless said otherwise. Stores with the same one are the same store. */
  readonly prefix?: string;
  /** Into how many parts people are divided, over the servers of a cluster. The same for all nodes. */
  readonly buckets?: number;
  /** Told of what failed in the background; it is being mended. */
  readonly onError?: (error: unknown) => void;
}

const PREFIX = 'passerby:';
const CLUSTER_BUCKETS = 32;
const CLAIMS_A_CALL = 256;

/**
 * Waiting tickets of all nodes, in one Redis or a cluster of them.
 *
 * What is atomic: each claim, removal, touch and expiry of a ticket, since each is one script in the ticket's shard,
 * whose keys share a hash tag. A ticket waits from the moment it is put into its shard until one such script takes
 * it out, so it is taken once, whatever else happens. That a person has one ticket spans servers: see `Admission`.
 * When a ticket has gone, its person's entry is dropped afterwards; where the process dies before that, the next
 * `add` of the person finds out, and else `expire` does (`Orphans`).
 *
 * No command is ever sent twice. What was on its way when a connection broke is rejected, and may have been done: an
 * addition is then undone, a claim is the claimer's to ask again, as the port says.
 *
 * What Redis forgets (a failover before the replica had it, a restart without its last second) is beyond this: a
 * ticket that was claimed may wait again. Its person does not seek with it any more, which whoever opens calls
 * checks, nobody touches it, and it expires. Followers see a break in the numbers and read anew.
 *
 * All tickets of a claim are of one shard, as the rules of pairing have it; a claim over several is lost.
 */
export class RedisTicketStore implements TicketStore {
  private readonly keys: TicketKeys;
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
      options.prefix ?? PREFIX,
      options.buckets ?? (redis.isCluster ? CLUSTER_BUCKETS : 1),
    );
    const shard = (name: string): ShardTickets => this.shard(name);
    this.peers = new PeerTickets(redis, this.keys);
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
    this.letGo([{ id, peerId }]);
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
      // Those that were taken out have to be answered; what failed is met again the next time.
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
    // Others may have left while this one waited, and taken the feed along.
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
      this.letGo(some.filter((_, at) => won[at] === true).flatMap((index) => claims[index] ?? []));
      // Who follows here hears of a claim before its answer, and so of what made one lose.
      await this.feeds.get(shard)?.feed.reached(change);
    }
  }

  /** Lets the people of tickets go that have left the store. Nobody waits for it: `add` and `expire` make up for it. */
  private letGo(tickets: readonly TicketKey[]): void {
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
      shard = new ShardTickets(this.options.redis, this.keys, name, () => this.nonce());
      this.shardTickets.set(name, shard);
    }
    return shard;
  }

  /** What is no name of a shard is passed over, lest it keep everybody from being looked after. */
  private async listed(): Promise<string[]> {
    const { redis } = this.options;
    const names = await redis.answer(redis.client.smembers(this.keys.shards));
    return names.filter((name) => {
      if (isShardName(name)) return true;
      this.report(new Error('the list of shards holds what is no name of one'));
      return false;
    });
  }

  private addReadable(tickets: Ticket[], json: string): void {
    try {
      tickets.push(decodeTicket(JSON.parse(json)));
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
