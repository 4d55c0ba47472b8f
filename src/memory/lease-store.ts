import type { Clock } from '../app/ports/clock';
import type { Lease, LeaseStore, Renewal, TakeOptions } from '../app/ports/lease-store';

/** How often expired leases are deleted (ms). Every read checks by itself whether a lease has expired. */
const SWEEP_MS = 30_000;

interface Held extends Lease {
  readonly until: number;
}

/** Leases of one process. Every method does its work before it returns its promise. */
export class MemoryLeaseStore implements LeaseStore {
  private readonly leases = new Map<string, Held>();
  private readonly stopSweeps: () => void;
  private closed = false;

  constructor(private readonly clock: Clock) {
    this.stopSweeps = clock.every(SWEEP_MS, () => this.sweep());
  }

  async take(
    key: string,
    holder: string,
    { ttlMs, from, unlessChanged, value }: TakeOptions,
  ): Promise<Lease> {
    this.assertOpen();
    const standing = this.standing(key);
    if (standing !== undefined && standing.holder !== holder) {
      const isGiven = standing.holder === from && (unlessChanged ?? standing.value) === standing.value;
      if (!isGiven) return leaseOf(standing);
    }
    return this.put(key, { holder, value: value ?? standing?.value ?? '' }, ttlMs);
  }

  async find(key: string): Promise<Lease | null> {
    this.assertOpen();
    const standing = this.standing(key);
    return standing === undefined ? null : leaseOf(standing);
  }

  async renew(holder: string, renewals: readonly Renewal[], ttlMs: number): Promise<string[]> {
    this.assertOpen();
    return renewals.filter((renewal) => !this.renewOne(holder, renewal, ttlMs)).map(({ key }) => key);
  }

  async release(key: string, holder: string): Promise<void> {
    this.assertOpen();
    if (this.standing(key)?.holder === holder) this.leases.delete(key);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stopSweeps();
    this.leases.clear();
  }

  private renewOne(holder: string, { key, value }: Renewal, ttlMs: number): boolean {
    const standing = this.standing(key);
    if (standing === undefined && value === undefined) return false;
    if (standing !== undefined && standing.holder !== holder) return false;
    this.put(key, { holder, value: value ?? standing?.value ?? '' }, ttlMs);
    return true;
  }

  private standing(key: string): Held | undefined {
    const held = this.leases.get(key);
    return held !== undefined && held.until > this.clock.elapsed() ? held : undefined;
  }

  private put(key: string, lease: Lease, ttlMs: number): Lease {
    this.leases.set(key, { ...lease, until: this.clock.elapsed() + ttlMs });
    return lease;
  }

  private sweep(): void {
    const now = this.clock.elapsed();
    for (const [key, { until }] of this.leases) if (until <= now) this.leases.delete(key);
  }

  private assertOpen(): void {
    if (this.closed) throw new Error('the lease store is closed');
  }
}

const leaseOf = ({ holder, value }: Lease): Lease => ({ holder, value });
