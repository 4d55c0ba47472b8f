import { Schema } from 'mongoose';
import { SUBSCRIPTION_STATUSES, type SubscriptionStatus } from '../../protocol';
import type { Model } from '../store/record-store';
import { count, date, dateOrNull, expires, id, part, strict, stringOrNull } from './shared';

/** Minutes used, in ms, of the day and the month named; another day or month means none yet. In UTC. */
export interface UsageRecord {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly dayMs: number;
  /** `YYYY-MM` */
  readonly month: string;
  readonly monthMs: number;
  readonly totalMs: number;
}

export const BILLING_PROVIDERS = ['none', 'manual', 'stripe'] as const;

/** A user's plan and the minutes used; one for each user, under the user's id. */
export interface SubscriptionRecord {
  readonly _id: string;
  readonly userId: string;
  readonly planId: string;
  readonly status: SubscriptionStatus;
  readonly startedAt: Date;
  /** When it is renewed or ends; null: no end. */
  readonly currentPeriodEnd: Date | null;
  readonly cancelAtPeriodEnd: boolean;
  readonly trialUsedAt: Date | null;
  readonly provider: (typeof BILLING_PROVIDERS)[number];
  readonly providerCustomerId: string | null;
  readonly providerSubscriptionId: string | null;
  /** When the provider was asked for the present state. The answer to an earlier request changes nothing. */
  readonly providerAskedAt: Date | null;
  /** When a payment page was opened whose result is not known yet. */
  readonly checkoutAt: Date | null;
  /** Since when the provider has to be told to end everything of this user. */
  readonly endWantedAt: Date | null;
  /** When what is in doubt was last looked at, whether or not the provider replied. */
  readonly lookedAt: Date | null;
  readonly usage: UsageRecord;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Set for guests. */
  readonly expiresAt: Date | null;
}

const usage = new Schema<UsageRecord>(
  {
    day: { type: String, default: '' },
    dayMs: count,
    month: { type: String, default: '' },
    monthMs: count,
    totalMs: count,
  },
  part,
);

const schema = new Schema<SubscriptionRecord>(
  {
    _id: id,
    userId: id,
    planId: id,
    status: { type: String, enum: SUBSCRIPTION_STATUSES, required: true },
    startedAt: date,
    currentPeriodEnd: dateOrNull,
    cancelAtPeriodEnd: { type: Boolean, default: false },
    trialUsedAt: dateOrNull,
    provider: { type: String, enum: BILLING_PROVIDERS, default: 'none' },
    providerCustomerId: stringOrNull,
    providerSubscriptionId: stringOrNull,
    providerAskedAt: dateOrNull,
    checkoutAt: dateOrNull,
    endWantedAt: dateOrNull,
    lookedAt: dateOrNull,
    usage: { type: usage, default: () => ({}) },
    createdAt: date,
    updatedAt: date,
    expiresAt: dateOrNull,
  },
  strict,
);
schema.index({ userId: 1 }, { unique: true });
schema.index({ status: 1, currentPeriodEnd: 1 });
schema.index({ providerCustomerId: 1 });
schema.index({ providerSubscriptionId: 1 });
schema.index({ checkoutAt: 1 });
schema.index({ endWantedAt: 1 });
expires(schema);

export const subscriptionModel: Model<SubscriptionRecord> = {
  name: 'Subscription',
  collection: 'subscriptions',
  schema,
};

/** An event of a billing provider that was applied, so that the same event again changes nothing. */
export interface BillingEventRecord {
  readonly _id: string;
  readonly provider: string;
  readonly type: string;
  readonly at: Date;
  readonly receivedAt: Date;
  readonly expiresAt: Date;
}

const event = new Schema<BillingEventRecord>(
  { _id: id, provider: id, type: id, at: date, receivedAt: date, expiresAt: date },
  strict,
);
expires(event);

export const billingEventModel: Model<BillingEventRecord> = {
  name: 'BillingEvent',
  collection: 'billingevents',
  schema: event,
};
