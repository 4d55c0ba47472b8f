import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiBrowser, person } from '../support/api-browser';
import { mailsIn, signUp } from '../support/sign-up';
import { ProtocolClient } from '../support/client';
import { startNode, type TestNode } from '../support/node';
import { ANYONE_AT_ONCE } from './scenarios/safety';

/** Long enough that two who may meet have met: they do within one round of the director. */
const APART_MS = 800;

let dataDir: string;
let node: TestNode;
const start = async (): Promise<void> => {
  node = await startNode({ DATA_DIR: dataDir, MATCH_STEPS: ANYONE_AT_ONCE });
};
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'passerby-blocks-'));
  await start();
});
afterAll(async () => {
  await node.close();
  await rm(dataDir, { recursive: true, force: true });
});

const visit = (cookie?: string): Promise<ProtocolClient> =>
  ProtocolClient.connect(node.wsUrl, undefined, cookie === undefined ? {} : { cookie });

async function meet(one: ProtocolClient, other: ProtocolClient): Promise<string> {
  await one.search();
  await other.search();
  const [{ callId, partner }] = await Promise.all([one.next('partner_found'), other.next('partner_found')]);
  expect(partner.id).toBe(other.id);
  return callId;
}

/** Both search, and neither finds the other. */
async function stayApart(one: ProtocolClient, other: ProtocolClient): Promise<void> {
  await one.search();
  await other.search();
  await sleep(APART_MS);
  expect(node.parts.calls.size).toBe(0);
  for (const client of [one, other]) await client.request('cancel_search', {});
}

function browserOf(client: ProtocolClient): ApiBrowser {
  const browser = new ApiBrowser(node.url);
  browser.take([client.cookie ?? '']);
  return browser;
}

test('A3 [M2.2] a block of a second window is in the list, and taking it back counts in every window', async () => {
  const [anna, ben] = [await visit(), await visit()];
  const annaTwo = await visit(anna.cookie);
  const benTwo = await visit(ben.cookie);
  await annaTwo.request('block_user', { callId: await meet(annaTwo, benTwo) });
  const browser = browserOf(anna);
  // The list names the person and not the window in which they were met.
  const { blocks } = await browser.ask('blocks');
  expect(blocks.map(({ userId }) => userId)).toEqual([ben.id]);
  await stayApart(annaTwo, ben);
  await browser.ask('unblock', { at: { userId: ben.id } });
  await meet(annaTwo, ben);
  for (const client of [anna, ben, annaTwo, benTwo]) client.close();
});

test('A3 [M2.2] a block of a second window outlasts a restart of the server', async () => {
  const [anna, ben] = [await visit(), await visit()];
  const annaTwo = await visit(anna.cookie);
  await annaTwo.request('block_user', { callId: await meet(annaTwo, ben) });
  for (const client of [anna, ben, annaTwo]) client.close();
  await node.close();
  await start();
  const [annaAgain, benAgain] = [await visit(anna.cookie), await visit(ben.cookie)];
  expect([annaAgain.id, benAgain.id]).toEqual([anna.id, ben.id]);
  await stayApart(annaAgain, benAgain);
  for (const client of [annaAgain, benAgain]) client.close();
});

test('A2 A3 [M2.2] a block of a further window is kept when its guest becomes an account, and that window is signed out', async () => {
  const [anna, ben] = [await visit(), await visit()];
  const annaTwo = await visit(anna.cookie);
  const browser = browserOf(anna);
  await annaTwo.request('block_user', { callId: await meet(annaTwo, ben) });
  await signUp(browser, mailsIn(dataDir), person('anna.blocks@example.org'));
  await annaTwo.untilClosed();
  expect((await browser.ask('blocks')).blocks.map(({ userId }) => userId)).toEqual([ben.id]);
  const account = await visit(browser.cookie);
  await stayApart(account, ben);
  for (const client of [account, ben]) client.close();
});
