import { z } from 'zod';
import type { Ticket } from '../../domain/pairing';
import type { RedisConnection } from '../connection';
import { GroupCommit } from '../group-commit';
import { isShardName, type TicketKeys } from './keys';

/** Which ticket a person has: under which token it was put, or is about to be, and where. */
export interface Holding {
  readonly ticketId: string;
  readonly token: string;
  readonly shard: string;
}

/** What became of taking a person: they are taken (when, in ms of Redis), or this stands. */
export type Taken = { readonly at: number } | { readonly standing: Holding };

type Question = readonly [asked: 'take' | 'drop' | 'look', peer: string, given: string, replaced: string];

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
    throw new Error('Redis holds an entry of a person that cannot be read');
  return { ticketId, token, shard };
}

export const isSame = (a: Holding, b: Holding): boolean => entryOf(a) === entryOf(b);

/**
 * One entry for each person with a ticket, in buckets, since a ticket's shard and a person's entry lie on different
 * servers of a cluster. What is asked of one bucket is answered in the order in which it was asked.
 */
export class PeerTickets {
  /** Each asks several questions at once: those of one caller stay together. */
  private readonly buckets: readonly GroupCommit<readonly Question[], Answer>[];
  private scanned = { bucket: 0, cursor: '0' };

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: TicketKeys,
  ) {
    this.buckets = Array.from(
      { length: keys.buckets },
      (_, bucket) => new GroupCommit((asked) => this.send(bucket, asked), REQUESTS_A_CALL),
    );
  }

  /** Notes that the person has this ticket, unless something else than `replaced` stands. */
  async take(peerId: string, holding: Holding, replaced?: Holding): Promise<Taken> {
    const old = replaced === undefined ? '' : entryOf(replaced);
    const { at, text } = await this.ask(['take', peerId, entryOf(holding), old]);
    return text === '' ? { at } : { standing: holdingOf(text) };
  }

  /** Forgets that these people have these tickets; another one of theirs stays. */
  async drop(tickets: readonly Pick<Ticket, 'id' | 'peerId'>[]): Promise<void> {
    const byBucket = new Map<number, Question[]>();
    for (const { id, peerId } of tickets) {
      const bucket = this.keys.bucketOf(peerId);
      const own = byBucket.get(bucket) ?? [];
      own.push(['drop', peerId, id, '']);
      byBucket.set(bucket, own);
    }
    await Promise.all([...byBucket].map(([bucket, questions]) => this.bucket(bucket).ask(questions)));
  }

  async look(peerId: string): Promise<Holding | null> {
    const { text } = await this.ask(['look', peerId, '', '']);
    return text === '' ? null : holdingOf(text);
  }

  /**
   * Some of all entries: going on where the last call ended, each comes up sooner or later. `unreadable` is told of
   * those that cannot be read.
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

  private ask(question: Question): Promise<Answer> {
    return this.bucket(this.keys.bucketOf(question[1])).ask([question]);
  }

  private bucket(number: number): GroupCommit<readonly Question[], Answer> {
    const bucket = this.buckets[number];
    if (bucket === undefined) throw new Error('a person is in no bucket');
    return bucket;
  }

  /** Answers with the last answer to each; who asks more than one question wants to know only that it was done. */
  private async send(bucket: number, asked: readonly (readonly Question[])[]): Promise<Answer[]> {
    const reply = await this.redis.answer(
      this.redis.client.peerTickets(this.keys.bucket(bucket), ...asked.flat(2)),
    );
    const [at, ...texts] = answersSchema.parse(reply);
    let answered = 0;
    return asked.map(({ length }) => {
      answered += length;
      const text = texts[answered - 1];
      if (text === undefined) throw new Error('Redis left a question about a person without an answer');
      return { at, text };
    });
  }
}
