import Stripe from 'stripe';
import { StripeBilling } from '../../../src/billing/stripe';
import { DomainError } from '../../../src/domain/error';
import { StripeStandIn } from '../../support/stripe-stand-in';

const SECRET = 'whsec_for_tests';
const billing = new StripeBilling({
  secretKey: 'sk_test_x',
  webhookSecret: SECRET,
  prices: new Map([['premium', ['price_1', 'price_old']]]),
  publicUrl: 'http://localhost:3000',
});

const event = (type: string, object: object) =>
  JSON.stringify({ id: 'evt_1', object: 'event', type, created: 1_790_000_000, data: { object } });

const sign = (payload: string, secret = SECRET, timestamp = Math.floor(Date.now() / 1000)): string =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'accepted';
};

test('P2 a signed event says which subscription to look at', () => {
  const body = event('customer.subscription.updated', { id: 'sub_1', status: 'whatever it says' });
  expect(billing.read(Buffer.from(body), sign(body))).toEqual({
    eventId: 'evt_1',
    type: 'customer.subscription.updated',
    at: 1_790_000_000_000,
    about: { is: 'subscription', subscriptionId: 'sub_1' },
  });
});

test('P2 events about other things change nothing', () => {
  const body = event('invoice.paid', { id: 'in_1' });
  expect(billing.read(Buffer.from(body), sign(body)).about).toEqual({ is: 'nothing' });
});

const aboutOf = (type: string, object: object, more: object = {}) => {
  const body = JSON.stringify({ ...JSON.parse(event(type, object)), ...more });
  return billing.read(Buffer.from(body), sign(body)).about;
};

test('P2 checkouts and invoices name their subscription, in the old form and in the new one', () => {
  const about = { is: 'subscription', subscriptionId: 'sub_1' };
  expect(aboutOf('checkout.session.completed', { id: 'cs_1', subscription: 'sub_1' })).toEqual(about);
  expect(aboutOf('invoice.payment_failed', { id: 'in_1', subscription: 'sub_1' })).toEqual(about);
  const parent = { type: 'subscription_details', subscription_details: { subscription: 'sub_1' } };
  expect(aboutOf('invoice.paid', { id: 'in_1', parent })).toEqual(about);
});

test('P2 money that went back in full is told apart from a part of it', () => {
  const returned = { is: 'returnedPayment', paymentId: 'pi_1' };
  expect(aboutOf('charge.refunded', { payment_intent: 'pi_1', refunded: true })).toEqual(returned);
  expect(aboutOf('charge.refunded', { payment_intent: 'pi_1', refunded: false })).toEqual({ is: 'nothing' });
  expect(aboutOf('charge.dispute.created', { id: 'dp_1', payment_intent: 'pi_1' })).toEqual(returned);
});

test('P2 events of the other mode, and of accounts connected with ours, change nothing', () => {
  const type = 'customer.subscription.updated';
  const subscription = { id: 'sub_1' };
  expect(aboutOf(type, subscription, { livemode: true })).toEqual({ is: 'nothing' });
  expect(aboutOf(type, subscription, { livemode: false })).toMatchObject({ is: 'subscription' });
  expect(aboutOf(type, subscription, { account: 'acct_other' })).toEqual({ is: 'nothing' });
});

describe('what Stripe has', () => {
  let stripe: StripeStandIn;
  let there: StripeBilling;
  beforeAll(async () => {
    stripe = await StripeStandIn.start();
    const { hostname, port } = new URL(stripe.url);
    there = new StripeBilling({
      secretKey: 'sk_test_x',
      webhookSecret: SECRET,
      prices: new Map([['premium', ['price_1', 'price_old']]]),
      publicUrl: 'http://localhost:3000',
      api: { host: hostname, port: Number(port), protocol: 'http' },
    });
  });
  afterAll(() => stripe.close());

  const subscription = (more: object = {}) => ({
    id: 'sub_1',
    customer: 'cus_1',
    status: 'active',
    cancel_at_period_end: true,
    metadata: { passerby_user: 'user-1' },
    items: { data: [{ price: { id: 'price_1' }, current_period_end: 1_792_000_000 }] },
    ...more,
  });

  test('P2 is read into our form', async () => {
    stripe.subscriptions.set('sub_1', subscription());
    expect(await there.present('sub_1')).toEqual({
      subscriptionId: 'sub_1',
      userId: 'user-1',
      isOurs: true,
      customerId: 'cus_1',
      hadTrial: false,
      priceId: 'price_1',
      hasEnded: false,
      planId: 'premium',
      status: 'active',
      currentPeriodEnd: 1_792_000_000_000,
      cancelAtPeriodEnd: true,
    });
  });

  test('P2 older versions have the end of the period beside the items; a price of no plan here is none', async () => {
    const items = { data: [{ price: { id: 'price_9' } }] };
    stripe.subscriptions.set(
      'sub_1',
      subscription({ items, current_period_end: 1_791_000_000, status: 'canceled' }),
    );
    expect(await there.present('sub_1')).toMatchObject({
      planId: null,
      status: 'cancelled',
      currentPeriodEnd: 1_791_000_000_000,
    });
  });

  test('P2 a price that was replaced is still a price of its plan', async () => {
    const items = { data: [{ price: { id: 'price_old' }, current_period_end: 1_792_000_000 }] };
    stripe.subscriptions.set('sub_1', subscription({ items }));
    expect(await there.present('sub_1')).toMatchObject({ planId: 'premium', priceId: 'price_old' });
  });

  test('P2 a period that is not paid has been paid until its beginning', async () => {
    const period = { current_period_start: 1_789_000_000, current_period_end: 1_792_000_000 };
    const items = { data: [{ price: { id: 'price_1' }, ...period }] };
    for (const [status, ours] of [
      ['past_due', 'past_due'],
      ['unpaid', 'expired'],
    ] as const) {
      stripe.subscriptions.set('sub_1', subscription({ items, status }));
      expect(await there.present('sub_1')).toMatchObject({
        status: ours,
        currentPeriodEnd: 1_789_000_000_000,
      });
    }
  });

  test('P2 a subscription says whether it had a trial', async () => {
    const hadTrial = async (change: object): Promise<boolean | undefined> => {
      stripe.subscriptions.set('sub_1', subscription(change));
      return (await there.present('sub_1'))?.hadTrial;
    };
    expect(await hadTrial({})).toBe(false);
    expect(await hadTrial({ trial_start: null })).toBe(false);
    expect(await hadTrial({ trial_start: 1_789_000_000 })).toBe(true);
    expect(await hadTrial({ status: 'trialing' })).toBe(true);
  });

  test('P2 the price that is sold is read, by the month and by the year, and one that there is not', async () => {
    const terms = { amount: 799, currency: 'eur', months: 1, isSold: true };
    expect(await there.priceOf('premium')).toEqual({ priceId: 'price_1', terms });
    stripe.prices.set('price_1', {
      ...{
        active: false,
        currency: 'usd',
        unit_amount: null,
        recurring: { interval: 'year', interval_count: 1 },
      },
    });
    expect((await there.priceOf('premium')).terms).toEqual({
      ...{ amount: null, currency: 'usd', months: 12, isSold: false },
    });
    stripe.prices.set('price_1', { recurring: null });
    expect((await there.priceOf('premium')).terms).toMatchObject({ months: null });
    stripe.prices.set('price_1', null);
    expect(await there.priceOf('premium')).toEqual({ priceId: 'price_1', terms: null });
    stripe.isBroken = true;
    await expect(there.priceOf('premium')).rejects.toMatchObject({ code: 'provider_unreachable' });
    stripe.isBroken = false;
    stripe.prices.clear();
  });

  test('P2 what another installation has sold with the same account is not ours', async () => {
    const metadata = { passerby_user: 'user-1', passerby_site: 'elsewhere.example' };
    stripe.subscriptions.set('sub_1', subscription({ metadata }));
    expect(await there.present('sub_1')).toMatchObject({ isOurs: false });
  });

  test('P2 an unknown id has no subscription, and a reply of unknown form is an error', async () => {
    expect(await there.present('sub_none')).toBeNull();
    stripe.subscriptions.set('sub_odd', { id: 'sub_odd' });
    await expect(there.present('sub_odd')).rejects.toMatchObject({ code: 'provider_unreachable' });
  });
});

test('P2 forged, changed, old and malformed events are rejected with one code', () => {
  const body = event('customer.subscription.updated', { id: 'sub_1' });
  const old = Math.floor(Date.now() / 1000) - 3600;
  expect(codeOf(() => billing.read(Buffer.from(body), sign(body, 'whsec_other')))).toBe('webhook_refused');
  expect(codeOf(() => billing.read(Buffer.from(`${body} `), sign(body)))).toBe('webhook_refused');
  expect(codeOf(() => billing.read(Buffer.from(body), sign(body, SECRET, old)))).toBe('webhook_refused');
  expect(codeOf(() => billing.read(Buffer.from(body), ''))).toBe('webhook_refused');
  expect(codeOf(() => billing.read(Buffer.from(body), 't=1,v1=zz'))).toBe('webhook_refused');
  const broken = event('customer.subscription.updated', { id: 7 });
  expect(codeOf(() => billing.read(Buffer.from(broken), sign(broken)))).toBe('webhook_refused');
  const noJson = '{"id":';
  expect(codeOf(() => billing.read(Buffer.from(noJson), sign(noJson)))).toBe('webhook_refused');
});
