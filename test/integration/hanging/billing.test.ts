import Stripe from 'stripe';
import { ApiBrowser, person } from '../../support/api-browser';
import { LogLines, metric, soon } from '../../support/hanging';
import { eventually } from '../../support/eventually';
import { startNode, type TestNode } from '../../support/node';
import { mailsIn, signUp } from '../../support/sign-up';
import { StallingProxy } from '../../support/stalling-proxy';
import { StripeStandIn } from '../../support/stripe-stand-in';

const WEBHOOK_SECRET = 'whsec_for_these_tests';
const logged = new LogLines();
let stripe: StripeStandIn;
let proxy: StallingProxy;
let node: TestNode;

beforeAll(async () => {
  stripe = await StripeStandIn.start();
  proxy = await StallingProxy.to(Number(new URL(stripe.url).port));
  const selling = {
    STRIPE_SECRET_KEY: 'sk_test_for_these_tests',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_PRICES: '{"premium":"price_1"}',
    STRIPE_API_URL: `http://127.0.0.1:${proxy.port}`,
    PUBLIC_URL: 'https://passerby.example',
    MEDIA_WORKERS: '1',
  };
  node = await startNode(selling, undefined, logged.log);
}, 30_000);
afterAll(async () => {
  await node.close();
  await proxy.close();
  stripe.close();
});

test('P2 O1 a payment provider that hangs raises a metric and one line, and its return another', async () => {
  const away = /payment provider cannot be reached/;
  const back = /payment provider answers again/;
  const anna = new ApiBrowser(node.url);
  await signUp(anna, mailsIn(node.dataDir), person('payer@example.org'));
  const buy = { body: { planId: 'premium' } };
  await anna.ask('buyPlan', buy);
  expect(await metric(node, 'passerby_billing_up')).toBe(1);
  proxy.hang(true);
  const codes = await Promise.all([anna.codeOf('buyPlan', buy), anna.codeOf('buyPlan', buy)]);
  expect(codes).toEqual(['provider_unreachable', 'provider_unreachable']);
  expect(await metric(node, 'passerby_billing_up')).toBe(0);
  expect(logged.count(away)).toBe(1);
  proxy.hang(false);
  await anna.ask('buyPlan', buy);
  expect(await metric(node, 'passerby_billing_up')).toBe(1);
  expect([logged.count(away), logged.count(back)]).toEqual([1, 1]);
  // Two requests of 10 s each, with a repetition.
}, 90_000);

test('P2 O1 refused events raise a metric and one line; the next one that is right says that it is over', async () => {
  const send = (secret: string, id: string): Promise<Response> => {
    const created = Math.floor(Date.now() / 1000);
    const payload = JSON.stringify({ id, object: 'event', type: 'ping', created, data: { object: {} } });
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
    return fetch(`${node.url}/api/billing/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body: payload,
    });
  };
  for (const id of ['evt_1', 'evt_2']) expect((await soon(send('whsec_other', id))).status).toBe(400);
  expect(await metric(node, 'passerby_billing_events_refused_total')).toBe(2);
  expect(logged.count(/an event was refused/)).toBe(1);
  const right = [await send(WEBHOOK_SECRET, 'evt_3'), await send(WEBHOOK_SECRET, 'evt_4')];
  expect(right.map(({ status }) => status)).toEqual([200, 200]);
  await eventually(() => logged.count(/accepted again/) === 1);
}, 30_000);
