import type { SubscriptionChange, Subscriptions } from '../../app/plans/ports/subscriptions';
import { NO_USAGE, type Subscription, type Usage } from '../../domain/plans';
import { subscriptionModel, type BillingEventRecord, type SubscriptionRecord } from '../models';
import { DAY_MS } from '../models/shared';
import type { Entry, Outbox } from '../store/outbox';
import { DuplicateRecord, type Collection } from '../store/record-store';

/** Providers repeat an event for days; its record is kept longer than that. */
const EVENT_KEPT_MS = 90 * DAY_MS;

/** What is in doubt is looked at in portions of this size. */
const MOST_IN_DOUBT = 50;

export interface SubscriptionsDeps {
  readonly subscriptions: Collection<SubscriptionRecord>;
  readonly events: Collection<BillingEventRecord>;
  readonly outbox: Pick<Outbox, 'write'>;
  /** The plan of every user who has no other. */
  readonly basePlanId: string;
  readonly reportError: (error: unknown, words: string) => void;
}

/** Keeps plans and the minutes used in the records: one for each user, under the user's id. */
export class RecordedSubscriptions implements Subscriptions {
  constructor(private readonly deps: SubscriptionsDeps) {}

  async get(userId: string): Promise<Subscription | null> {
    return fromRecord(await this.deps.subscriptions.get(userId));
  }

  async ofProvider(providerSubscriptionId: string): Promise<Subscription | null> {
    return fromRecord(await this.deps.subscriptions.findOne({ providerSubscriptionId }));
  }

  async change(userId: string, change: SubscriptionChange, now: number): Promise<Subscription> {
    const changed = await this.apply({ _id: userId }, userId, change, now);
    if (changed === null) throw new Error('an upsert by id made nothing');
    return changed;
  }

  async beginTrial(
    userId: string,
    planId: string,
    endsAt: number,
    now: number,
  ): Promise<Subscription | null> {
    const change: SubscriptionChange = {
      planId,
      status: 'trialing',
      currentPeriodEnd: endsAt,
      cancelAtPeriodEnd: false,
      trialUsedAt: now,
      provider: 'none',
    };
    return this.applyOnce({ _id: userId, trialUsedAt: null }, userId, change, now);
  }

  async fromProvider(
    userId: string,
    change: SubscriptionChange,
    { before, requestedAt }: { readonly before: string | null; readonly requestedAt: number },
    now: number,
  ): Promise<Subscription | null> {
    const notNewer = [{ providerAskedAt: null }, { providerAskedAt: { $lte: new Date(requestedAt) } }];
    return this.applyOnce(
      { _id: userId, providerSubscriptionId: before, $or: notNewer },
      userId,
      { ...change, providerAskedAt: requestedAt },
      now,
    );
  }

  async inDoubt(now: number, askedBefore: number): Promise<Subscription[]> {
    const askedLongAgo = [{ providerAskedAt: null }, { providerAskedAt: { $lte: new Date(askedBefore) } }];
    const overdue = {
      provider: 'stripe',
      status: { $in: ['active', 'trialing', 'past_due'] },
      currentPeriodEnd: { $lte: new Date(now) },
      $or: askedLongAgo,
    };
    const filters = [
      { endWantedAt: { $lte: new Date(askedBefore) } },
      { checkoutAt: { $lte: new Date(askedBefore) } },
      overdue,
    ];
    const found = await Promise.all(
      filters.map((filter) =>
        this.deps.subscriptions.find(filter, { sort: { lookedAt: 1 }, limit: MOST_IN_DOUBT }),
      ),
    );
    const byUser = new Map(found.flat().map((record) => [record._id, record]));
    return [...byUser.values()].map(asSubscription);
  }

  async looked(userId: string, now: number): Promise<void> {
    await this.deps.subscriptions.update({ _id: userId }, { $set: { lookedAt: new Date(now) } });
  }

  async settleDoubts(userId: string, { checkout, end }: { checkout: boolean; end: boolean }): Promise<void> {
    if (!checkout && !end) return;
    const $set = { ...(checkout ? { checkoutAt: null } : {}), ...(end ? { endWantedAt: null } : {}) };
    await this.deps.subscriptions.update({ _id: userId }, { $set });
  }

  async keepForGood(userId: string): Promise<void> {
    await this.deps.subscriptions.update({ _id: userId }, { $set: { expiresAt: null } });
  }

  keepUsage(userId: string, usage: Usage, isAnonymous: boolean, now: number): void {
    const at = new Date(now);
    const expiresAt = isAnonymous ? new Date(now + DAY_MS) : null;
    // The total rather than the difference, so that it is right even when written twice or after a gap.
    const $set = { usage: { ...usage }, updatedAt: at, ...(isAnonymous ? {} : { expiresAt }) };
    const $setOnInsert = { ...this.madeWithout($set, userId, at), ...(isAnonymous ? { expiresAt } : {}) };
    this.writeLater({ filter: { _id: userId }, update: { $set, $setOnInsert }, upsert: true });
    if (!isAnonymous) return;
    // A window that is still the guest's may write after the guest became an account, whose record is kept for good.
    const expiring = { _id: userId, expiresAt: { $ne: null } };
    this.writeLater({ filter: expiring, update: { $set: { expiresAt } }, upsert: false });
  }

  private writeLater(entry: Omit<Entry, 'collection'>): void {
    this.deps.outbox
      .write({ collection: subscriptionModel.collection, ...entry })
      .catch((error: unknown) => this.deps.reportError(error, 'minutes used could not be kept'));
  }

  async markEvent(
    { id, provider, type, at }: { id: string; provider: string; type: string; at: number },
    now: number,
  ): Promise<boolean> {
    try {
      await this.deps.events.insert({
        _id: id,
        provider,
        type,
        at: new Date(at),
        receivedAt: new Date(now),
        expiresAt: new Date(now + EVENT_KEPT_MS),
      });
      return true;
    } catch (error) {
      if (error instanceof DuplicateRecord) return false;
      throw error;
    }
  }

  async isMarked(eventId: string): Promise<boolean> {
    return (await this.deps.events.get(eventId)) !== null;
  }

  /** When the filter does not fit an existing record, the upsert is a duplicate of its id, and changes nothing. */
  private async applyOnce(
    filter: Record<string, unknown>,
    userId: string,
    change: SubscriptionChange,
    now: number,
  ): Promise<Subscription | null> {
    try {
      return await this.apply(filter, userId, change, now);
    } catch (error) {
      if (error instanceof DuplicateRecord) return null;
      throw error;
    }
  }

  private async apply(
    filter: Record<string, unknown>,
    userId: string,
    change: SubscriptionChange,
    now: number,
  ): Promise<Subscription | null> {
    const at = new Date(now);
    const $set = { ...toRecord(change), updatedAt: at, expiresAt: null };
    const $setOnInsert = this.madeWithout($set, userId, at);
    const record = await this.deps.subscriptions.update(filter, { $set, $setOnInsert }, { upsert: true });
    return fromRecord(record);
  }

  /** The fields of a new record that the upsert does not set: a field may not be in both. */
  private madeWithout($set: object, userId: string, at: Date): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.made(userId, at)).filter(([field]) => !Object.hasOwn($set, field)),
    );
  }

  /** The record of a user who has none yet, without its id. */
  private made(userId: string, at: Date): Omit<SubscriptionRecord, '_id'> {
    return {
      userId,
      planId: this.deps.basePlanId,
      status: 'active',
      startedAt: at,
      currentPeriodEnd: null,
      cancelAtPeriodEnd: false,
      trialUsedAt: null,
      provider: 'none',
      providerCustomerId: null,
      providerSubscriptionId: null,
      providerAskedAt: null,
      checkoutAt: null,
      endWantedAt: null,
      lookedAt: null,
      usage: NO_USAGE,
      createdAt: at,
      updatedAt: at,
      expiresAt: null,
    };
  }
}

const TIMES = ['currentPeriodEnd', 'trialUsedAt', 'providerAskedAt', 'checkoutAt', 'endWantedAt'] as const;
const isTime = (field: string): boolean => (TIMES as readonly string[]).includes(field);

const toRecord = (change: SubscriptionChange): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(change).map(([field, value]) => [
      field,
      isTime(field) && typeof value === 'number' ? new Date(value) : value,
    ]),
  );

function fromRecord(record: SubscriptionRecord | null): Subscription | null {
  return record === null ? null : asSubscription(record);
}

function asSubscription(record: SubscriptionRecord): Subscription {
  return {
    userId: record._id,
    planId: record.planId,
    status: record.status,
    startedAt: record.startedAt.getTime(),
    currentPeriodEnd: record.currentPeriodEnd?.getTime() ?? null,
    cancelAtPeriodEnd: record.cancelAtPeriodEnd,
    trialUsedAt: record.trialUsedAt?.getTime() ?? null,
    provider: record.provider,
    providerCustomerId: record.providerCustomerId,
    providerSubscriptionId: record.providerSubscriptionId,
    providerAskedAt: record.providerAskedAt?.getTime() ?? null,
    checkoutAt: record.checkoutAt?.getTime() ?? null,
    endWantedAt: record.endWantedAt?.getTime() ?? null,
    usage: { ...record.usage },
  };
}
