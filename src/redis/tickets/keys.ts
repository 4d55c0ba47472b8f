import { bucketOf } from '../buckets';

/** The keys of one shard. Its name is their hash tag, so a cluster keeps them together (M9). */
export interface ShardKeys {
  /** Hash: ticket id → JSON. */
  readonly tickets: string;
  /** Sorted set: ticket id, by when it began to wait. */
  readonly since: string;
  /** Sorted set: ticket id, by when it was last touched; +inf: not yet. */
  readonly touched: string;
  /** Sorted set: tokens under which no ticket may be put any more, by when they were voided. */
  readonly voided: string;
  /** Text: number and nonce of the last change. */
  readonly position: string;
  /** The channel on which changes are published. */
  readonly changes: string;
}

/** Whether the name can be the hash tag of a key. */
export const isShardName = (name: string): boolean => /^[^{}\s]+$/.test(name);

/** The keys of everything that a ticket store keeps in Redis. */
export class TicketKeys {
  constructor(
    private readonly prefix: string,
    readonly buckets: number,
  ) {}

  /** Set: every shard that ever had a ticket. There are few: modes × regions × trust pools. */
  get shards(): string {
    return `${this.prefix}shards`;
  }

  of(shard: string): ShardKeys {
    if (!isShardName(shard)) throw new Error('the name of a shard must be usable as a hash tag');
    const base = `${this.prefix}{${shard}}:`;
    return {
      tickets: `${base}tickets`,
      since: `${base}since`,
      touched: `${base}touched`,
      voided: `${base}voided`,
      position: `${base}position`,
      changes: `${base}changes`,
    };
  }

  /** Hash: peer id → the ticket that the peer has, and where. */
  bucket(number: number): string {
    return `${this.prefix}{peers.${number}}:tickets`;
  }

  bucketOf(peerId: string): number {
    return bucketOf(peerId, this.buckets);
  }
}
