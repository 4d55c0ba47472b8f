import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { observer, type types } from 'mediasoup';
import { ApiBrowser, person as newPerson } from '../support/api-browser';
import { mailsIn, signUp } from '../support/sign-up';
import { startNode, type TestNode } from '../support/node';
import { ProtocolClient, codeOf } from '../support/client';
import { receiver } from '../support/rtp';

const PLANS = [
  { id: 'free', dailyMinutes: 10, priority: 0, filters: false, maxKbps: 500, price: null },
  {
    id: 'more',
    dailyMinutes: null,
    priority: 5,
    filters: true,
    maxKbps: 3000,
    price: { amount: 100, currency: 'eur' },
  },
].map((plan) => ({ name: plan.id, monthlyMinutes: null, trialDays: 0, ...plan }));

/** The transports of all workers, by id. */
const transports = new Map<string, types.WebRtcTransport>();
observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) =>
    router.observer.on('newtransport', (transport) => {
      if (transport.type === 'webrtc') transports.set(transport.id, transport as types.WebRtcTransport);
    }),
  ),
);

let folder: string;
let node: TestNode;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'passerby-plans-'));
  const file = path.join(folder, 'plans.json');
  await writeFile(file, JSON.stringify(PLANS));
  node = await startNode({ PLANS_FILE: file });
});
afterAll(async () => {
  await node.close();
  await rm(folder, { recursive: true, force: true });
});

/** A client with an account. */
async function account(email: string): Promise<ProtocolClient> {
  const browser = new ApiBrowser(node.url);
  await signUp(browser, mailsIn(node.dataDir), newPerson(email));
  return ProtocolClient.connect(node.wsUrl, undefined, { cookie: browser.cookie });
}

async function give(userId: string, planId: string): Promise<void> {
  const response = await fetch(`${node.url}/videochat/plans`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${node.operatorToken}` },
    body: JSON.stringify({ userId, planId, until: null }),
  });
  expect(response.status).toBe(200);
}

const sessionOf = (person: ProtocolClient) => node.parts.peers.get(person.id)?.state;

/** The most a sending transport takes, as its worker says it. */
async function ceilingOf(transportId: string): Promise<number | undefined> {
  const [stats] = (await transports.get(transportId)?.getStats()) ?? [];
  return stats?.maxIncomingBitrate;
}

test('P1 wishes about the partner are rejected without a plan that has them, and accepted as soon as one has', async () => {
  const anna = await account('wishes@example.org');
  expect(await codeOf(anna.search({ wantedGenders: ['female'] }))).toBe('plan_needed');
  expect(sessionOf(anna)?.kind).toBe('idle');
  await give(anna.id, 'more');
  await anna.search({ wantedGenders: ['female'] });
  expect(sessionOf(anna)?.kind).toBe('searching');
  anna.close();
  await anna.untilClosed();
});

test('P1 a plan’s priority is on the ticket', async () => {
  const [anna, ben] = [await account('first@example.org'), await account('last@example.org')];
  await give(anna.id, 'more');
  const priorities: unknown[] = [];
  for (const person of [anna, ben]) {
    // In modes of their own, so that they do not meet.
    await person.search({ mode: person === anna ? 'text' : 'audio' });
    const state = sessionOf(person);
    priorities.push(state?.kind === 'searching' ? state.ticket.priority : state?.kind);
  }
  expect(priorities).toEqual([0.5, 0]);
  for (const person of [anna, ben]) person.close();
});

test('P1 a line takes as much as the plan allows, and more as soon as a better one begins', async () => {
  const anna = await account('ceiling@example.org');
  const { send } = await anna.request('line_open', { rtpCapabilities: receiver });
  expect(await ceilingOf(send.id)).toBe(500_000);
  await give(anna.id, 'more');
  for (const until = Date.now() + 2_000; Date.now() < until && (await ceilingOf(send.id)) === 500_000;)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await ceilingOf(send.id)).toBe(3_000_000);
  anna.close();
});
