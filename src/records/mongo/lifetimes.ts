import { expiryOf } from '../store/indexes';
import type { AnyModel, Filter } from '../store/record-store';

/** Filters that hide records past their end until the server deletes them. */
export class Lifetimes {
  private readonly expiry: ReturnType<typeof expiryOf>;

  constructor(model: AnyModel) {
    this.expiry = expiryOf(model);
  }

  /** Fits records that have ended; undefined where records do not end by themselves. */
  ended(now: number): Filter | undefined {
    if (this.expiry === undefined) return undefined;
    return { [this.expiry.field]: { $lte: this.bound(now) } };
  }

  /**
   * The same filter, limited to records that have not ended. The limit is an expression, because for a condition on the
   * field itself a server may read the whole index of ends.
   */
  current(filter: Filter, now: number): Filter {
    if (this.expiry === undefined) return filter;
    const end = `$${this.expiry.field}`;
    const hasEnded = { $and: [{ $gt: [end, null] }, { $lte: [end, this.bound(now)] }] };
    const others: unknown = filter['$and'];
    const before: readonly unknown[] = Array.isArray(others) ? others : [];
    return { ...filter, $and: [...before, { $expr: { $not: [hasEnded] } }] };
  }

  private bound(now: number): Date {
    return new Date(now - (this.expiry?.afterMs ?? 0));
  }
}
