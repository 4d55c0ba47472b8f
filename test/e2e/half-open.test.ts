import type { Page } from 'playwright-core';
import { StallingProxy } from '../support/stalling-proxy';
import { arrive, meet, party, sayYes, type Party } from '../support/party';
import type { Visitor } from '../support/browser';

const MATCH_STEPS = JSON.stringify([{ afterMs: 0, minScore: 0, circle: 'anyone' }]);

let scene: Party;
let proxy: StallingProxy;
beforeAll(async () => {
  scene = await party({ MATCH_STEPS });
  proxy = await StallingProxy.to(Number(new URL(scene.node.url).port));
});
afterEach(() => scene.sendHome());
afterAll(async () => {
  await proxy.close();
  await scene.close();
});

/** A visitor whose connections go through the proxy. */
async function arriveThroughProxy(): Promise<Visitor> {
  const visitor = await scene.browsers.visit(`http://localhost:${proxy.port}`, { camera: 'red' });
  scene.visitors.push(visitor);
  await visitor.page.getByTestId('agree').check();
  return visitor;
}

/** Resolves with how long it took until the page had another socket (ms). */
async function nextSocket(page: Page): Promise<number> {
  const swallowedAt = Date.now();
  await page.waitForEvent('websocket', { timeout: 60_000 });
  return Date.now() - swallowedAt;
}

test('S6 a search whose socket is swallowed notices it within 30 s, goes on, and meets the next one who comes', async () => {
  const ann = await arriveThroughProxy();
  await ann.page.getByTestId('meet-button').click();
  await ann.page.locator('[data-phase=searching]').first().waitFor();
  proxy.set({ kind: 'swallows' });
  expect(await nextSocket(ann.page)).toBeLessThan(30_000);
  const bob = await arrive(scene, 'blue');
  await bob.page.getByTestId('meet-button').click();
  await sayYes(ann, bob);
  expect(scene.node.parts.calls.size).toBe(1);
}, 120_000);

test('S4 S6 a call whose socket is swallowed goes on: at once when the page is shown again', async () => {
  const [ann, bob] = [await arriveThroughProxy(), await arrive(scene, 'blue')];
  await meet(ann, bob);
  const [call] = [...scene.node.parts.calls.all()];
  proxy.set({ kind: 'swallows' });
  const again = nextSocket(ann.page);
  // Headless pages are never hidden, so the event stands for the machine that wakes.
  await ann.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  expect(await again).toBeLessThan(6_000);
  await bob.page.getByTestId('chat-input').fill('hello again');
  await bob.page.keyboard.press('Enter');
  await ann.page.getByText('hello again').first().waitFor({ timeout: 20_000 });
  expect([...scene.node.parts.calls.all()].map(({ id }) => id)).toEqual([call?.id]);
}, 120_000);
