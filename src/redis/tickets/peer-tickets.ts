import { z } from 'zod';
import type { Clock } from '../../app/ports/clock';
import type { Ticket } from '../../domain/pairing';
import type { RedisConnection } from '../connection';
import { GroupCommit } from '../group-commit';
import { isShardName, type TicketKeys } from './keys';
import type { ServerTime } from './server-time';

/** The ticket that a peer has, with the token under which it was or will be put, and its shard. */
export interface Holding {
  readonly ticketId: string;
  readonly token: string;
  readonly shard: string;
}

/** The result of taking a peer: when the peer was taken (ms of Redis), or the entry that the peer has already. */
export type Taken = { readonly at: number } | { readonly standing: Holding };

type PeerRequest = readonly [
  operation: 'take' | 'drop' | 'look',
  peer: string,
  given: string,
  replaced: string,
];

interface Answer {
  readonly at: number;
  readonly text: string;
}

const REQUESTS_A_CALL = 256;
const answersSchema = z.tuple([z.number()], z.string());
const scanSchema = z.tuple([z.string(), z.array(z.string())]);

const entryOf = ({ ticketId, token, shard }: Holding): string => `${ticketId}\n${token}\n${shard}`;

function holdingOf(entry: string): Holding {
  const [ticketId, token, shard, more] = entry.split('\n');
  if (!ticketId || !token || shard === undefined || !isShardName(shard) || more !== undefined)
    throw new Error('Redis holds an entry of a peer that cannot be read');
  return { ticketId, token, shard };
}

export const isSame = (a: Holding, b: Holding): boolean => entryOf(a) === entryOf(b);

/**
 * One entry for each peer with a ticket, in buckets, since a ticket's shard and a peer's entry may be on different
 * servers of a cluster. Requests to one bucket are answered in the order in which they were made.
 */
export class PeerTickets {
  /** An item is a list of requests, so that those of one caller stay together. */
  private readonly buckets: readonly GroupCommit<readonly PeerRequest[], Answer>[];
  private scanned = { bucket: 0, cursor: '0' };

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: TicketKeys,
    private readonly time: ServerTime,
    private readonly clock: Pick<Clock, 'elapsed'>,
  ) {
    this.buckets = Array.from(
      { length: keys.buckets },
      (_, bucket) => new GroupCommit((items) => this.send(bucket, items), REQUESTS_A_CALL),
    );
  }

  /** Stores that the peer has this ticket, unless it has an entry other than `replaced`. */
  async take(peerId: string, holding: Holding, replaced?: Holding): Promise<Taken> {
    const old = replaced === undefined ? '' : entryOf(replaced);
    const { at, text } = await this.ask(['take', peerId, entryOf(holding), old]);
    return text === '' ? { at } : { standing: holdingOf(text) };
  }

  /** Removes the entries of these tickets. A peer's entry of another ticket stays. */
  async drop(tickets: readonly Pick<Ticket, 'id' | 'peerId'>[]): Promise<void> {
    const byBucket = new Map<number, PeerRequest[]>();
    for (const { id, peerId } of tickets) {
      const bucket = this.keys.bucketOf(peerId);
      const own = byBucket.get(bucket) ?? [];
      own.push(['drop', peerId, id, '']);
      byBucket.set(bucket, own);
    }
    await Promise.all([...byBucket].map(([bucket, requests]) => this.bucket(bucket).ask(requests)));
  }

  async look(peerId: string): Promise<Holding | null> {
    const { text } = await this.ask(['look', peerId, '', '']);
    return text === '' ? null : holdingOf(text);
  }

  /**
   * Some of all entries. Each call continues where the last one ended, so every entry comes up sooner or later.
   * `unreadable` is called with the error of each entry that cannot be read.
   */
  async some(
    count: number,
    unreadable: (error: unknown) => void,
  ): Promise<[peerId: string, holding: Holding][]> {
    const { bucket, cursor } = this.scanned;
    const reply = await this.redis.answer(
      this.redis.client.hscan(this.keys.bucket(bucket), cursor, 'COUNT', count),
    );
    const [next, found] = scanSchema.parse(reply);
    this.scanned =
      next === '0' ? { bucket: (bucket + 1) % this.keys.buckets, cursor: '0' } : { bucket, cursor: next };
    const entries: [string, Holding][] = [];
    for (let at = 0; at + 1 < found.length; at += 2) {
      try {
        entries.push([found[at] ?? '', holdingOf(found[at + 1] ?? '')]);
      } catch (error) {
        unreadable(error);
      }
    }
    return entries;
  }

  private ask(request: PeerRequest): Promise<Answer> {
    return this.bucket(this.keys.bucketOf(request[1])).ask([request]);
  }

  private bucket(number: number): GroupCommit<readonly PeerRequest[], Answer> {
    const bucket = this.buckets[number];
    if (bucket === undefined) throw new Error('a peer is in no bucket');
    return bucket;
  }

  /** For each item, the answer to its last request: an item of several requests needs only to know that it was done. */
  private async send(bucket: number, items: readonly (readonly PeerRequest[])[]): Promise<Answer[]> {
    const sentAt = this.clock.elapsed();
    const reply = await this.redis.answer(
      this.redis.client.peerTickets(this.keys.bucket(bucket), ...items.flat(2)),
    );
    const [at, ...texts] = answersSchema.parse(reply);
    this.time.heard(at, sentAt);
    let answered = 0;
    return items.map(({ length }) => {
      answered += length;
      const text = texts[answered - 1];
      if (text === undefined) throw new Error('Redis left a request about a peer without an answer');
      return { at, text };
    });
  }
}
