import Stripe from 'stripe';
import type { PlanState } from '../../src/protocol';
import { ApiBrowser } from '../support/api-browser';
import { mailsIn, signUp } from '../support/sign-up';
import { startNode, type TestNode } from '../support/node';
import { StripeStandIn, subscriptionOf } from '../support/stripe-stand-in';

const WEBHOOK_SECRET = 'whsec_for_these_tests';
const PASSWORD = 'long enough a password';
const HOUR_MS = 3_600_000;

let stripe: StripeStandIn;
let node: TestNode;

const environment = (): Record<string, string> => ({
  STRIPE_SECRET_KEY: 'sk_test_for_these_tests',
  STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  STRIPE_PRICES: '{"premium":["price_1","price_old"]}',
  STRIPE_API_URL: stripe.url,
  PUBLIC_URL: 'https://passerby.example',
});
beforeEach(async () => {
  stripe = await StripeStandIn.start();
  node = await startNode(environment());
});
afterEach(async () => {
  await node.close();
  stripe.close();
});

async function register(email: string): Promise<{ anna: ApiBrowser; id: string }> {
  const anna = new ApiBrowser(node.url);
  const { me } = await signUp(anna, mailsIn(node.dataDir), {
    email,
    password: PASSWORD,
    birthDate: '1990-01-01',
    agreed: true,
  });
  return { anna, id: me.id };
}

const planOf = async (anna: ApiBrowser): Promise<PlanState> => (await anna.ask('plan')).plan;
const recordOf = (id: string) => node.parts.records.collections.subscriptions.get(id);

/** Opens a payment page; answers with its id. */
async function open(anna: ApiBrowser): Promise<string> {
  const { url } = await anna.ask('buyPlan', { body: { planId: 'premium' } });
  return url.split('/').at(-1) ?? '';
}

let serial = 0;
async function send(type: string, object: object, id = `evt_${(serial += 1)}`): Promise<unknown> {
  const created = Math.floor(Date.now() / 1000);
  const payload = JSON.stringify({ id, object: 'event', type, created, livemode: false, data: { object } });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET });
  const response = await fetch(`${node.url}/api/billing/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    body: payload,
  });
  return (await response.json()) as unknown;
}
const tell = (subscriptionId: string, eventId?: string): Promise<unknown> =>
  send('customer.subscription.updated', { id: subscriptionId }, eventId);

/** A subscription that began without this product's knowledge, such as by a page of an earlier version. */
function secondOf(userId: string, change: Record<string, unknown> = {}): string {
  const id = `sub_second_${(serial += 1)}`;
  const customer = `cus_second_${serial}`;
  stripe.customers.set(customer, { id: customer, object: 'customer' });
  const metadata = { passerby_user: userId };
  stripe.subscriptions.set(id, { ...subscriptionOf(id, 'price_1'), customer, metadata, ...change });
  return id;
}

async function metric(outcome: string): Promise<number> {
  const text = await (await fetch(`${node.url}/metrics`, auth())).text();
  return Number(
    new RegExp(`passerby_billing_looks_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0,
  );
}
const auth = () => ({ headers: { authorization: `Bearer ${node.operatorToken}` } });

test('P2 [P2.1] of two payments of one person one goes on, and the other is ended and paid back', async () => {
  const { anna, id } = await register('twice@example.org');
  const first = stripe.pay(await open(anna));
  const second = secondOf(id);
  expect(await tell(first)).toEqual({ received: 'done' });
  expect(await tell(second)).toEqual({ received: 'done' });
  expect(stripe.charging).toEqual([first]);
  expect(stripe.refunds).toEqual([{ payment_intent: `pi_${second}` }]);
  expect(await recordOf(id)).toMatchObject({ providerSubscriptionId: first, status: 'active' });
  // The end of the second one is reported too, and changes nothing.
  expect(await tell(second)).toEqual({ received: 'ignored' });
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'premium' }, status: 'active' });
});

test('P2 [P2.1] two payments that are reported at the same moment leave one of them, whoever wins', async () => {
  const { id } = await register('race@example.org');
  const both = [secondOf(id), secondOf(id)];
  await Promise.all(both.flatMap((one) => [tell(one), tell(one)]));
  for (const one of both) await tell(one);
  expect(stripe.charging).toHaveLength(1);
  expect(stripe.refunds).toHaveLength(1);
  expect(await recordOf(id)).toMatchObject({ providerSubscriptionId: stripe.charging[0], status: 'active' });
});

test('P2 a payment page that lies open is closed by the next one, and a payment not reported yet is found', async () => {
  const { anna, id } = await register('pages@example.org');
  const [first, second] = [await open(anna), await open(anna)];
  expect(stripe.sessions.get(first)).toMatchObject({ status: 'expired' });
  const subscription = stripe.pay(second);
  expect(await anna.codeOf('buyPlan', { body: { planId: 'premium' } })).toBe('plan_held');
  expect(await recordOf(id)).toMatchObject({ providerSubscriptionId: subscription, status: 'active' });
});

test('P2 a late payment takes the place of a plan that is not paid any more, which ends', async () => {
  const { anna, id } = await register('late@example.org');
  const first = stripe.pay(await open(anna));
  await tell(first);
  const unpaid = { status: 'unpaid', items: stripe.subscriptions.get(first)?.['items'] };
  stripe.subscriptions.set(first, { ...stripe.subscriptions.get(first), ...unpaid });
  await tell(first);
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'free' } });
  const second = stripe.pay(await open(anna));
  await tell(second);
  expect(stripe.charging).toEqual([second]);
  expect(stripe.refunds).toEqual([]);
  expect(await recordOf(id)).toMatchObject({ providerSubscriptionId: second, status: 'active' });
});

test('P1 a trial at Stripe is the trial: there is no other one here, nor a second one there', async () => {
  const { anna, id } = await register('trial-at-stripe@example.org');
  const first = secondOf(id, { status: 'trialing' });
  expect(await tell(first)).toEqual({ received: 'done' });
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'premium' }, status: 'trialing', mayTry: false });
  stripe.subscriptions.set(first, { ...stripe.subscriptions.get(first), status: 'canceled' });
  await tell(first);
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'free' }, mayTry: false });
  expect((await anna.send('tryPlan', { body: { planId: 'premium' } })).status).toBe(409);
  const second = secondOf(id, { status: 'trialing' });
  expect(await tell(second)).toEqual({ received: 'ignored' });
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'free' } });
  // What is paid for counts.
  stripe.subscriptions.set(second, { ...stripe.subscriptions.get(second), status: 'active' });
  expect(await tell(second)).toEqual({ received: 'done' });
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'premium' }, status: 'active' });
});

test('P1 whoever had their trial here gets none at Stripe', async () => {
  const { anna, id } = await register('trial-here@example.org');
  await anna.ask('tryPlan', { body: { planId: 'premium' } });
  const trialEnds = (await planOf(anna)).periodEndsAt;
  const there = secondOf(id, { status: 'trialing' });
  expect(await tell(there)).toEqual({ received: 'ignored' });
  expect(await planOf(anna)).toMatchObject({ status: 'trialing', periodEndsAt: trialEnds });
});

test('P2 a payment that was begun and not made takes no trial away', async () => {
  const { anna, id } = await register('unmade@example.org');
  await anna.ask('tryPlan', { body: { planId: 'premium' } });
  expect(await tell(secondOf(id, { status: 'incomplete' }))).toEqual({ received: 'ignored' });
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'premium' }, status: 'trialing' });
});

test('G1 [P2.1] erasure ends every subscription, and a payment that arrives later makes no record and ends', async () => {
  const { anna, id } = await register('erased@example.org');
  const first = stripe.pay(await open(anna));
  await tell(first);
  const second = secondOf(id);
  await anna.ask('erase', { body: { password: PASSWORD } });
  expect(stripe.charging).toEqual([]);
  expect(stripe.refunds).toEqual([{ payment_intent: `pi_${second}` }]);
  const customers = [first, second].map((one) => stripe.subscriptions.get(one)?.['customer']);
  for (const one of customers) expect(stripe.customers.get(String(one))).toMatchObject({ deleted: true });

  const late = secondOf(id);
  expect(await tell(late)).toEqual({ received: 'done' });
  expect(stripe.charging).toEqual([]);
  expect(stripe.refunds).toContainEqual({ payment_intent: `pi_${late}` });
  expect(await recordOf(id)).toBeNull();
});

test('G1 an end that Stripe did not hear of is told it later, over a restart', async () => {
  const { anna, id } = await register('broken-off@example.org');
  const first = stripe.pay(await open(anna));
  await tell(first);
  const second = secondOf(id);
  stripe.breaks = ({ method, url }) => method === 'DELETE' && url.includes(first);
  expect(await anna.codeOf('erase', { body: { password: PASSWORD } })).toBe('provider_unreachable');
  expect(stripe.charging).toEqual([first]);
  stripe.breaks = undefined;
  await longAgo(id, 'endWantedAt');
  await restart();
  await soon(() => stripe.charging.length === 0);
  expect(stripe.subscriptions.get(second)).toMatchObject({ status: 'canceled' });
  await soon(async () => (await recordOf(id))?.endWantedAt === null);
  expect(await recordOf(id)).toMatchObject({ status: 'cancelled' });
}, 60_000);

test('P2 a payment whose event never comes is found, over a restart', async () => {
  const { anna, id } = await register('unreported@example.org');
  const paid = stripe.pay(await open(anna));
  await longAgo(id, 'checkoutAt');
  await restart();
  await soon(
    async () => (await recordOf(id))?.status === 'active' && (await recordOf(id))?.checkoutAt === null,
  );
  expect(await recordOf(id)).toMatchObject({ providerSubscriptionId: paid, planId: 'premium' });
}, 60_000);

test('P2 a known subscription follows Stripe after its price was replaced, and says that the price is unknown', async () => {
  const { anna, id } = await register('replaced@example.org');
  const paid = stripe.pay(await open(anna));
  await tell(paid);
  const end = Math.floor(Date.now() / 1000) + 60 * 24 * 3600;
  const items = { data: [{ price: { id: 'price_of_next_year' }, current_period_end: end }] };
  stripe.subscriptions.set(paid, { ...stripe.subscriptions.get(paid), items });
  expect(await tell(paid)).toEqual({ received: 'done' });
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'premium' }, periodEndsAt: end * 1000 });
  stripe.subscriptions.set(paid, { ...stripe.subscriptions.get(paid), status: 'canceled' });
  expect(await tell(paid)).toEqual({ received: 'done' });
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'free' } });
  expect(await recordOf(id)).toMatchObject({ status: 'cancelled' });
});

test('P2 a price that no plan has is an alarm, and its event is taken when it is sent again after the price is named', async () => {
  const { anna, id } = await register('unknown@example.org');
  const items = {
    data: [{ price: { id: 'price_new' }, current_period_end: Math.floor(Date.now() / 1000) + 9_999 }],
  };
  const paid = secondOf(id, { items });
  expect(await tell(paid, 'evt_again')).toEqual({ received: 'ignored' });
  expect(await metric('unknownPrice')).toBe(1);
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'free' } });
  expect(stripe.charging).toEqual([paid]);
  stripe.subscriptions.set(paid, { ...stripe.subscriptions.get(paid), ...subscriptionOf(paid, 'price_old') });
  expect(await tell(paid, 'evt_again')).toEqual({ received: 'done' });
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'premium' } });
  expect(await tell(paid, 'evt_again')).toEqual({ received: 'known' });
});

test('P2 who was deleted as a customer at Stripe can buy again', async () => {
  const { anna, id } = await register('deleted@example.org');
  const first = stripe.pay(await open(anna));
  await tell(first);
  const customer = String(stripe.subscriptions.get(first)?.['customer']);
  stripe.deleteCustomer(customer);
  await tell(first);
  const second = stripe.pay(await open(anna));
  await tell(second);
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'premium' }, status: 'active' });
  expect((await recordOf(id))?.providerCustomerId).not.toBe(customer);
});

test('P2 a payment that a bank takes back ends its plan', async () => {
  const { anna } = await register('disputed@example.org');
  const paid = stripe.pay(await open(anna));
  await tell(paid);
  await send('charge.refunded', { payment_intent: `pi_${paid}`, refunded: false });
  expect(stripe.charging).toEqual([paid]);
  await send('charge.dispute.created', { id: 'dp_1', payment_intent: `pi_${paid}` });
  expect(stripe.charging).toEqual([]);
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'free' } });
  expect(stripe.refunds).toEqual([]);
});

test('P2 what another installation has sold with the same account of Stripe is left alone', async () => {
  const metadata = { passerby_user: 'guest_of_elsewhere', passerby_site: 'elsewhere.example' };
  const theirs = secondOf('guest_of_elsewhere', { metadata });
  expect(await tell(theirs)).toEqual({ received: 'ignored' });
  expect(stripe.charging).toEqual([theirs]);
});

/** As if it had been written an hour ago. */
const longAgo = (id: string, field: 'checkoutAt' | 'endWantedAt') =>
  node.parts.records.collections.subscriptions.update(
    { _id: id },
    { $set: { [field]: new Date(Date.now() - HOUR_MS) } },
  );

/** The node stops and starts again with what it has on disk. */
async function restart(): Promise<void> {
  node = await node.restart(environment());
}

async function soon(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it did not come true within 10 s');
}
