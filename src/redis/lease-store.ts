import { z } from 'zod';
import type { Lease, LeaseStore, Renewal, TakeOptions } from '../app/ports/lease-store';
import { bucketOf } from './buckets';
import type { RedisConnection } from './connection';
import { RedisUnavailable } from './unavailable';
import { KEY_PREFIX } from './key-prefix';

const PREFIX = `${KEY_PREFIX}lease:`;
/** The same for all nodes and every kind of Redis; otherwise nodes would not find each other's leases. */
const BUCKETS = 32;
const RENEWALS_A_CALL = 500;

const leaseSchema = z.tuple([z.string().min(1), z.string()]);
const foundSchema = z.union([leaseSchema, z.tuple([z.null(), z.null()])]);
const digitsSchema = z.string().regex(/^[01]*$/);
const doneSchema = z.union([z.literal(0), z.literal(1)]);

/**
 * Leases that all nodes see: a hash each under `passerby:lease:{bucket}:key`, which Redis deletes by its own clock, so
 * that nodes whose clocks differ agree on the holders. Every step is one script. Keys are put into buckets, so that a
 * node with ten thousand leases renews them in some dozens of calls, in a cluster too.
 *
 * An answer that has taken as long as the lease lasts no longer proves who holds it, so the call rejects. As with
 * everything in Redis, a call that rejects may have been carried out. A lease that Redis has lost is free; the first
 * `renew` with a value takes it back.
 */
export class RedisLeaseStore implements LeaseStore {
  private closed = false;

  constructor(
    private readonly redis: RedisConnection,
    private readonly prefix = PREFIX,
  ) {}

  async take(
    key: string,
    holder: string,
    { ttlMs, from, unlessChanged, value }: TakeOptions,
  ): Promise<Lease> {
    const { client } = this.open();
    const expected = unlessChanged === undefined ? '' : `=${unlessChanged}`;
    const written = value === undefined ? [] : [value];
    const taken = client.takeLease(this.keyOf(key), holder, wholeMs(ttlMs), from ?? '', expected, ...written);
    const [now, standing] = leaseSchema.parse(await this.within(ttlMs, taken));
    return { holder: now, value: standing };
  }

  async find(key: string): Promise<Lease | null> {
    const { client } = this.open();
    const reply = await this.redis.answer(client.hmget(this.keyOf(key), 'holder', 'value'));
    const [holder, value] = foundSchema.parse(reply);
    return holder === null ? null : { holder, value };
  }

  async renew(holder: string, renewals: readonly Renewal[], ttlMs: number): Promise<string[]> {
    this.open();
    const calls = this.inCalls(renewals).map((some) => this.renewSome(holder, some, ttlMs));
    const lost = new Set((await Promise.all(calls)).flat());
    return renewals.filter((renewal) => lost.has(renewal)).map(({ key }) => key);
  }

  async release(key: string, holder: string): Promise<void> {
    const { client } = this.open();
    doneSchema.parse(await this.redis.answer(client.releaseLease(this.keyOf(key), holder)));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  /** Returns the leases that the holder does not have afterwards. */
  private async renewSome(holder: string, some: readonly Renewal[], ttlMs: number): Promise<Renewal[]> {
    const keys = some.map(({ key }) => this.keyOf(key));
    const values = some.map(({ value }) => (value === undefined ? '' : `=${value}`));
    const renewed = this.redis.client.renewLeases(keys.length, ...keys, holder, wholeMs(ttlMs), ...values);
    const digits = digitsSchema.parse(await this.within(ttlMs, renewed));
    if (digits.length !== some.length) throw new Error('Redis left a lease without an answer');
    return some.filter((_, index) => digits[index] === '0');
  }

  /** Groups renewals by call: those of one call share a hash tag. */
  private inCalls(renewals: readonly Renewal[]): Renewal[][] {
    const calls: Renewal[][] = [];
    const filling = new Map<number, Renewal[]>();
    for (const renewal of renewals) {
      const bucket = bucketOf(renewal.key, BUCKETS);
      let call = filling.get(bucket);
      if (call === undefined || call.length === RENEWALS_A_CALL) {
        call = [];
        filling.set(bucket, call);
        calls.push(call);
      }
      call.push(renewal);
    }
    return calls;
  }

  private async within(ttlMs: number, reply: Promise<unknown>): Promise<unknown> {
    // Measured from before the request is sent, so that the lease cannot have run out when this resolves.
    const sentAt = performance.now();
    const answer = await this.redis.answer(reply);
    if (performance.now() - sentAt >= ttlMs)
      throw new RedisUnavailable('a lease was over before the answer came');
    return answer;
  }

  private keyOf(key: string): string {
    return `${this.prefix}{${bucketOf(key, BUCKETS)}}:${key}`;
  }

  private open(): RedisConnection {
    if (this.closed) throw new Error('the lease store is closed');
    return this.redis;
  }
}

/** Redis accepts whole numbers only, and deletes at once what gets 0. */
const wholeMs = (ms: number): number => Math.max(1, Math.ceil(ms));
