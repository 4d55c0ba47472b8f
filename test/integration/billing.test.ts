import Stripe from 'stripe';
import { NO_USAGE } from '../../src/domain/plans';
import type { PlanState } from '../../src/protocol';
import { ApiBrowser } from '../support/api-browser';
import { mailsIn, signUp } from '../support/sign-up';
import { eventually } from '../support/eventually';
import { startNode, type TestNode } from '../support/node';
import { ProtocolClient } from '../support/client';
import { StripeStandIn } from '../support/stripe-stand-in';

const WEBHOOK_SECRET = 'whsec_for_these_tests';
const DAY_S = 24 * 3600;

const SELLING = {
  STRIPE_SECRET_KEY: 'sk_test_for_these_tests',
  STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  STRIPE_PRICES: '{"premium":"price_1"}',
  PUBLIC_URL: 'https://passerby.example',
};

let stripe: StripeStandIn;
let node: TestNode;
beforeAll(async () => {
  stripe = await StripeStandIn.start();
  node = await startNode({ ...SELLING, STRIPE_API_URL: stripe.url });
});
afterAll(async () => {
  await node.close();
  stripe.close();
});

const PASSWORD = 'long enough a password';

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

let serial = 0;

/** Stripe has this subscription now, whatever events say. */
function has(userId: string, change: Record<string, unknown> = {}): void {
  const id = `sub_${userId}`;
  const now = Math.floor(Date.now() / 1000);
  stripe.subscriptions.set(id, {
    id,
    object: 'subscription',
    customer: `cus_${userId}`,
    status: 'active',
    cancel_at_period_end: false,
    metadata: { passerby_user: userId },
    items: { data: [{ price: { id: 'price_1' }, current_period_end: now + 30 * DAY_S }] },
    ...stripe.subscriptions.get(id),
    ...change,
  });
}

/** An event about it, which says only that the state has to be read. */
function eventOf(
  userId: string,
  type = 'customer.subscription.updated',
  id = `evt_${(serial += 1)}`,
): string {
  const created = Math.floor(Date.now() / 1000);
  return JSON.stringify({ id, object: 'event', type, created, data: { object: { id: `sub_${userId}` } } });
}

async function send(payload: string, signature?: string): Promise<{ status: number; json: unknown }> {
  const header = signature ?? Stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET });
  const response = await fetch(`${node.url}/api/billing/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': header },
    body: payload,
  });
  return { status: response.status, json: await response.json() };
}

test('P2 bought, reported by webhook, used at once, cancelled, ended', async () => {
  const { anna, id } = await register('buyer@example.org');
  const bought = await anna.ask('buyPlan', { body: { planId: 'premium' } });
  expect(bought).toEqual({ url: 'https://pay.example/cs_1' });
  expect(stripe.requests.at(-1)?.body).toContain(`client_reference_id=${encodeURIComponent(id)}`);
  has(id);
  expect(await send(eventOf(id))).toEqual({ status: 200, json: { received: 'done' } });
  expect(await planOf(anna)).toMatchObject({
    plan: { id: 'premium' },
    status: 'active',
    leftMs: null,
    endsThen: false,
  });
  expect(await anna.codeOf('buyPlan', { body: { planId: 'premium' } })).toBe('plan_held');
  expect((await anna.ask('cancelPlan', { body: {} })).plan).toMatchObject({ endsThen: true });
  expect(stripe.requests.at(-1)).toMatchObject({
    url: `/v1/subscriptions/sub_${id}`,
    body: 'cancel_at_period_end=true',
  });
  expect((await anna.ask('resumePlan', { body: {} })).plan).toMatchObject({ endsThen: false });
  has(id, { status: 'canceled' });
  await send(eventOf(id, 'customer.subscription.deleted'));
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'free' } });
  expect(await anna.codeOf('cancelPlan', { body: {} })).toBe('no_plan');
});

test('P2 events may come twice, at once and in any order: what is true now is what counts', async () => {
  const { anna, id } = await register('twice@example.org');
  has(id, { status: 'incomplete' });
  const [created, updated] = [eventOf(id, 'customer.subscription.created'), eventOf(id)];
  has(id, { status: 'active' });
  const answers = await Promise.all([send(updated), send(created), send(updated), send(created)]);
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'premium' }, status: 'active' });
  expect((await send(updated)).json).toEqual({ received: 'known' });
  // The end of an earlier subscription does not end the one that took its place.
  stripe.subscriptions.set('sub_earlier', {
    ...stripe.subscriptions.get(`sub_${id}`),
    id: 'sub_earlier',
    status: 'canceled',
  });
  expect((await send(eventOf('earlier', 'customer.subscription.deleted'))).json).toEqual({
    received: 'ignored',
  });
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'premium' } });
});

test('P2 while Stripe does not answer, an event is rejected so that it is sent again, and then applied', async () => {
  const { anna, id } = await register('ill@example.org');
  has(id);
  const event = eventOf(id);
  stripe.isBroken = true;
  expect(await send(event)).toMatchObject({ status: 503, json: { error: { code: 'provider_unreachable' } } });
  stripe.isBroken = false;
  expect((await send(event)).json).toEqual({ received: 'done' });
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'premium' } });
}, 30_000);

async function metricOf(one: TestNode, name: string): Promise<number> {
  const headers = { authorization: `Bearer ${one.operatorToken}` };
  const text = await (await fetch(`${one.url}/metrics`, { headers })).text();
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
}

const errorsOf = (one: TestNode): Promise<number> => metricOf(one, 'passerby_errors_total');

test('P2 events with a wrong signature are counted and are one error in the log, however many they are', async () => {
  const name = 'passerby_billing_events_refused_total';
  const errors = await errorsOf(node);
  const payload = eventOf('user_x');
  const forged = Stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_another' });
  for (let n = 0; n < 3; n++) expect(await send(payload, forged)).toMatchObject({ status: 400 });
  expect(await metricOf(node, name)).toBe(3);
  expect((await errorsOf(node)) - errors).toBe(1);
});

test('P2 forged, unsigned and huge events are rejected and change nothing', async () => {
  const { anna, id } = await register('forged@example.org');
  has(id);
  const payload = eventOf(id);
  const forged = Stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_another' });
  expect(await send(payload, forged)).toMatchObject({
    status: 400,
    json: { error: { code: 'webhook_refused' } },
  });
  expect(await send(payload, 'nonsense')).toMatchObject({ status: 400 });
  const huge = await send('x'.repeat(16 * 1024 * 1024)).catch(() => ({ status: 413, json: {} }));
  expect(huge.status).toBe(413);
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'free' } });
});

test('P2 a price that Stripe takes otherwise is an error at start; while Stripe is away the server serves', async () => {
  const environment = { ...SELLING, STRIPE_API_URL: stripe.url };
  stripe.prices.set('price_1', { unit_amount: 999 });
  const wrong = await startNode(environment);
  await eventually(async () => (await errorsOf(wrong)) === 1);
  stripe.isBroken = true;
  const away = await wrong.restart(environment);
  const health = await fetch(`${away.url}/videochat/health`);
  expect([health.status, await errorsOf(away)]).toEqual([200, 0]);
  stripe.isBroken = false;
  stripe.prices.clear();
  await away.close();
}, 30_000);

test('P1 a trial is given once, however often it is requested', async () => {
  const { anna } = await register('trial@example.org');
  expect(await planOf(anna)).toMatchObject({ mayTry: true });
  const tries = await Promise.all(
    Array.from({ length: 5 }, () => anna.send('tryPlan', { body: { planId: 'premium' } })),
  );
  expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(await planOf(anna)).toMatchObject({
    plan: { id: 'premium' },
    status: 'trialing',
    endsThen: true,
    mayTry: false,
  });
});

const give = (userId: string, authorization = `Bearer ${node.operatorToken}`): Promise<Response> =>
  fetch(`${node.url}/videochat/plans`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ userId, planId: 'premium', until: null }),
  });

test('P2 only an operator gives an account a plan', async () => {
  const { anna, id } = await register('given@example.org');
  expect((await give(id, 'Bearer not the token')).status).toBe(401);
  expect((await give('guest_nobody')).status).toBe(404);
  expect((await give(id)).status).toBe(200);
  expect(await planOf(anna)).toMatchObject({ plan: { id: 'premium' }, periodEndsAt: null });
});

test('P2 no user is given a plan beside a paid one', async () => {
  const { id } = await register('pays@example.org');
  has(id);
  await send(eventOf(id));
  const rejected = await give(id);
  expect([rejected.status, await rejected.json()]).toMatchObject([409, { error: { code: 'plan_held' } }]);
});

test("G1 an erased user is charged no more, and the provider's last event brings no record back", async () => {
  const { anna, id } = await register('erased@example.org');
  has(id);
  await send(eventOf(id));
  await anna.ask('erase', { body: { password: PASSWORD } });
  expect(stripe.subscriptions.get(`sub_${id}`)).toMatchObject({ status: 'canceled' });
  expect((await send(eventOf(id, 'customer.subscription.deleted'))).json).toEqual({ received: 'ignored' });
  expect((await send(eventOf(id))).json).toEqual({ received: 'ignored' });
  expect(await node.parts.records.collections.subscriptions.get(id)).toBeNull();
});

test('G1 a user whose plan has ended at the provider meanwhile can be erased', async () => {
  const { anna, id } = await register('ended@example.org');
  has(id);
  await send(eventOf(id));
  has(id, { status: 'canceled' });
  await anna.ask('erase', { body: { password: PASSWORD } });
  const { anna: ben, id: other } = await register('missing@example.org');
  has(other);
  await send(eventOf(other));
  stripe.subscriptions.delete(`sub_${other}`);
  await ben.ask('erase', { body: { password: PASSWORD } });
});

test('G1 no user is erased while the end of charges cannot be confirmed', async () => {
  const { anna, id } = await register('unsure@example.org');
  has(id);
  await send(eventOf(id));
  stripe.isBroken = true;
  expect(await anna.codeOf('erase', { body: { password: PASSWORD } })).toBe('provider_unreachable');
  stripe.isBroken = false;
  await anna.ask('erase', { body: { password: PASSWORD } });
  expect(stripe.subscriptions.get(`sub_${id}`)).toMatchObject({ status: 'canceled' });
}, 30_000);

test('P1 the minutes a guest has used are still used when they are an account', async () => {
  const guest = await ProtocolClient.connect(node.wsUrl);
  const records = node.parts.records;
  const usage = { ...NO_USAGE, month: new Date().toISOString().slice(0, 7), monthMs: 60_000 };
  records.subscriptions.keepUsage(guest.id, usage, true, Date.now());
  expect(await records.outbox.drained(3_000)).toBe(true);
  expect((await records.collections.subscriptions.get(guest.id))?.expiresAt).not.toBeNull();
  const anna = new ApiBrowser(node.url);
  anna.take([guest.cookie ?? '']);
  const { me } = await signUp(anna, mailsIn(node.dataDir), {
    email: 'used@example.org',
    password: PASSWORD,
    birthDate: '1990-01-01',
    agreed: true,
  });
  expect(me.id).toBe(guest.id);
  expect(await planOf(anna)).toMatchObject({ usedThisMonthMs: 60_000 });
  expect((await records.collections.subscriptions.get(guest.id))?.expiresAt).toBeNull();
});

test("P1 a guest's window that is still counted does not make the record of the account expire", async () => {
  const { records } = node.parts;
  const recordOf = (id: string) => records.collections.subscriptions.get(id);
  const now = Date.now();
  const keep = async (id: string, at: number, totalMs: number) => {
    records.subscriptions.keepUsage(id, { ...NO_USAGE, totalMs }, true, at);
    expect(await records.outbox.drained(3_000)).toBe(true);
  };
  await keep('guest_still', now, 1);
  await keep('guest_still', now + 60_000, 2);
  expect((await recordOf('guest_still'))?.expiresAt).toEqual(new Date(now + 60_000 + DAY_S * 1000));
  await records.subscriptions.keepForGood('guest_still');
  await keep('guest_still', now + 120_000, 3);
  expect(await recordOf('guest_still')).toMatchObject({ expiresAt: null, usage: { totalMs: 3 } });
  const { id } = await register('bought@example.org');
  await records.subscriptions.change(id, { planId: 'premium', provider: 'manual' }, now);
  await keep(id, now, 4);
  expect(await recordOf(id)).toMatchObject({ planId: 'premium', expiresAt: null, usage: { totalMs: 4 } });
});
