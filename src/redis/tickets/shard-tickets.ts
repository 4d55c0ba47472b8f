import { z } from 'zod';
import type { Ticket } from '../../domain/pairing';
import type { RedisConnection } from '../connection';
import { GroupCommit } from '../group-commit';
import type { ShardKeys, TicketKeys } from './keys';
import { encodeTicket } from './record';
import type { ServerTime } from './server-time';

export type PutOutcome = 'added' | 'voided' | 'late';

/** A ticket about to be put, with the token and time of taking its peer. */
export interface Put {
  readonly ticket: Ticket;
  readonly token: string;
  readonly takenAt: number;
}

const PUTS_A_CALL = 128;
const REMOVALS_A_CALL = 256;
const IDS_A_CALL = 1_000;
const EXPIRED_A_CALL = 500;
/** How often a used shard is written to the list of shards (ms), in case Redis has lost it. */
const LIST_EVERY_MS = 10_000;

const OUTCOMES: Readonly<Record<string, PutOutcome>> = { a: 'added', v: 'voided', l: 'late' };
const putSchema = z.tuple([z.string().regex(/^[avl]*$/), z.number()]);
const claimSchema = z.tuple([z.string().regex(/^[01]*$/), z.number()]);
const digitsSchema = z.string().regex(/^[01]*$/);
const expiredSchema = z.tuple([z.number()], z.string());

/** The tickets of one shard. Each call is one script, and so atomic. */
export class ShardTickets {
  private readonly keys: ShardKeys;
  private readonly puts: GroupCommit<Put, PutOutcome>;
  private readonly removals: GroupCommit<string, boolean>;
  private listedAt = -Infinity;

  /** @param nonce differs with every call, over all processes */
  constructor(
    private readonly redis: RedisConnection,
    private readonly allKeys: TicketKeys,
    readonly shard: string,
    private readonly time: ServerTime,
    private readonly nonce: () => string,
  ) {
    this.keys = allKeys.of(shard);
    this.puts = new GroupCommit((puts) => this.putAll(puts), PUTS_A_CALL);
    this.removals = new GroupCommit(async (ids) => {
      const { won } = await this.claim(ids.map((id) => [id]));
      return won;
    }, REMOVALS_A_CALL);
  }

  put(put: Put): Promise<PutOutcome> {
    return this.puts.ask(put);
  }

  /** Takes one ticket out; `false` when it does not wait. */
  remove(ticketId: string): Promise<boolean> {
    return this.removals.ask(ticketId);
  }

  /** Claims by ticket ids; `change` is the number of the shard's last change at that time. */
  async claim(claims: readonly (readonly string[])[]): Promise<{ won: boolean[]; change: number }> {
    const { tickets, since, touched, position, changes } = this.keys;
    const named = claims.flatMap((ids) => [ids.length, ...ids]);
    const reply = await this.redis.answer(
      this.redis.client.claimTickets(tickets, since, touched, position, changes, this.nonce(), ...named),
    );
    const [digits, change] = claimSchema.parse(reply);
    if (digits.length !== claims.length) throw new Error('Redis left a claim without an answer');
    return { won: Array.from(digits, (digit) => digit === '1'), change };
  }

  async isWaiting(ticketId: string): Promise<boolean> {
    return (await this.redis.answer(this.redis.client.zscore(this.keys.since, ticketId))) !== null;
  }

  /** Makes sure that this ticket can no longer be put. `waiting`: it waits already, and nothing was done. */
  async void(ticketId: string, token: string): Promise<'waiting' | 'void'> {
    const { since, voided } = this.keys;
    const reply = await this.redis.answer(this.redis.client.voidTicket(since, voided, ticketId, token));
    return z.number().parse(reply) === 1 ? 'waiting' : 'void';
  }

  /** Returns the ids of those that do not wait. */
  async touch(ids: readonly string[], now: number): Promise<string[]> {
    const gone: string[] = [];
    await this.time.ready();
    for (let first = 0; first < ids.length; first += IDS_A_CALL) {
      const some = ids.slice(first, first + IDS_A_CALL);
      const reply = await this.redis.answer(
        this.redis.client.touchTickets(this.keys.touched, now + this.time.offset, ...some),
      );
      const digits = digitsSchema.parse(reply);
      gone.push(...some.filter((_, index) => digits[index] !== '1'));
    }
    return gone;
  }

  /** `taken` gets the JSON of each ticket taken out, batch by batch, so that none is lost when a later batch fails. */
  async expire(now: number, limits: { staleMs: number; maxAgeMs: number }, taken: (json: string) => void) {
    const { tickets, since, touched, position, changes } = this.keys;
    await this.time.ready();
    const at = now + this.time.offset;
    for (let more = true; more;) {
      const reply = await this.redis.answer(
        this.redis.client.expireTickets(
          ...[tickets, since, touched, position, changes, this.nonce()],
          ...[at, at - limits.staleMs, at - limits.maxAgeMs, EXPIRED_A_CALL],
        ),
      );
      const [mayBeMore, ...expired] = expiredSchema.parse(reply);
      expired.forEach(taken);
      more = mayBeMore === 1;
    }
  }

  async count(): Promise<number> {
    return this.redis.answer(this.redis.client.zcard(this.keys.since));
  }

  private async putAll(puts: readonly Put[]): Promise<PutOutcome[]> {
    await this.list();
    await this.time.ready();
    const { offset } = this.time;
    const { tickets, since, touched, voided, position, changes } = this.keys;
    const values = puts.flatMap(({ ticket, token, takenAt }) => [
      ...[ticket.id, token, takenAt, ticket.since + offset, encodeTicket(ticket, offset)],
    ]);
    const keys = [tickets, since, touched, voided, position, changes] as const;
    const reply = await this.redis.answer(this.redis.client.putTickets(...keys, this.nonce(), ...values));
    const [letters] = putSchema.parse(reply);
    return Array.from(letters, (letter) => OUTCOMES[letter] ?? 'late');
  }

  /** Lists the shard, so that every node can find its tickets. */
  private async list(): Promise<void> {
    const now = performance.now();
    if (now - this.listedAt < LIST_EVERY_MS) return;
    await this.redis.answer(this.redis.client.sadd(this.allKeys.shards, this.shard));
    this.listedAt = now;
  }
}
