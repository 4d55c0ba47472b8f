import { eventually } from '../support/eventually';
import type { Visitor } from '../support/browser';
import { startNode } from '../support/node';
import { arrive, colourSeen, meet, party, sayYes, type Party } from '../support/party';

let scene: Party;
beforeAll(async () => {
  scene = await party();
});
afterAll(() => scene.close());
afterEach(() => scene.sendHome());

async function say({ page }: Visitor, words: string): Promise<void> {
  await page.getByTestId('chat-input').fill(words);
  await page.getByTestId('chat-input').press('Enter');
}

test('V2 a media worker is killed during a call: both see each other again without doing anything', async () => {
  const [ann, bob] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  await meet(ann, bob);
  expect((await colourSeen(ann)).colour).toBe('blue');
  const killed = Date.now();
  for (const pid of scene.node.parts.media.workerPids()) process.kill(pid, 'SIGKILL');
  while (scene.node.parts.media.stats().consumers > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const [call] = [...scene.node.parts.calls.all()];
  while (call?.media.state !== 'flowing' && Date.now() - killed < 20_000) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(call?.media.state).toBe('flowing');
  // Frames move again on both sides, of the same people, in the same call.
  for (const [who, colour] of [
    [ann, 'blue'],
    [bob, 'red'],
  ] as const) {
    let seen = await colourSeen(who);
    for (let i = 0; i < 40 && seen.change < 0.5; i += 1) seen = await colourSeen(who);
    expect(seen.colour).toBe(colour);
    expect(seen.change).toBeGreaterThan(0.5);
  }
  expect(scene.node.parts.calls.size).toBe(1);
}, 120_000);

test('S4 S8 a page that is loaded again in a call is back in it, with picture and chat', async () => {
  const [ann, bob] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  await meet(ann, bob);
  await say(ann, 'a word from Ann');
  await bob.page.getByText('a word from Ann').waitFor();
  await say(bob, 'a word from Bob');
  await ann.page.getByText('a word from Bob').waitFor();
  await bob.page.reload();
  await bob.page.getByTestId('chat-input').waitFor({ timeout: 20_000 });
  expect((await colourSeen(bob)).colour).toBe('red');
  expect((await colourSeen(ann)).colour).toBe('blue');
  for (const words of ['a word from Ann', 'a word from Bob']) await bob.page.getByText(words).waitFor();
  expect(scene.node.parts.calls.size).toBe(1);
}, 120_000);

test('S4 M6 closing the browser in any state leaves nothing behind', async () => {
  const [ann, bob, eve] = [
    await arrive(scene, 'red', { ownBrowser: true }),
    await arrive(scene, 'blue', { ownBrowser: true }),
    await arrive(scene, 'green', { ownBrowser: true }),
  ];
  await meet(ann, bob);
  await eve.page.getByTestId('meet-button').click();
  await eve.page.getByTestId('search-steps').waitFor();
  await eve.close();
  await bob.close();
  // They are gone after the short grace of a closed page; the one who stays is told so and goes on looking.
  await ann.page.locator('[data-phase=searching]').first().waitFor({ timeout: 20_000 });
  await ann.close();
  const { peers, calls, media, tickets } = scene.node.parts;
  const deadline = Date.now() + 20_000;
  while ([...peers.all()].length > 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect([...peers.all()]).toHaveLength(0);
  expect(calls.size).toBe(0);
  expect(await tickets.shards()).toEqual([]);
  expect(media.stats()).toMatchObject({ lines: 0, bridges: 0, producers: 0, consumers: 0, pipes: 0 });
}, 120_000);

test('C3 a camera that is denied has its own words and a way on', async () => {
  const ann = await arrive(scene, 'red', { devices: 'denied' });
  await ann.page.getByTestId('meet-button').click();
  await ann.page
    .getByText(/blocking the camera/i)
    .first()
    .waitFor();
  expect(ann.complaints).toEqual([]);
}, 60_000);

test('S6 the server restarts: true words in a call and on the landing page, and all goes on by itself', async () => {
  const MATCH_STEPS = JSON.stringify([{ afterMs: 0, minScore: 0, circle: 'anyone' }]);
  const first = await party({ MATCH_STEPS });
  const [ann, bob, eve] = [
    await arrive(first, 'red'),
    await arrive(first, 'blue'),
    await arrive(first, 'green'),
  ];
  await meet(ann, bob);
  await eve.page.getByText('2 other people are here now').waitFor();
  await first.node.close();
  for (const { page } of [ann, bob]) {
    await page.getByText('This call ended because the server is restarting').first().waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/place is kept|kept your place|did not come/);
  }
  await eve.page.getByTestId('notice').getByText('The server is restarting.').waitFor();
  expect(await eve.page.locator('.here').count()).toBe(0);
  await eve.page.getByTestId('meet-button').click();
  await eve.page.getByRole('heading', { name: 'The server is restarting' }).waitFor();
  expect(await eve.page.locator('body').innerText()).not.toMatch(/kept|where you were/);
  await eve.page.getByTestId('stop-button').click();

  const second = await startNode({ MATCH_STEPS, PORT: new URL(first.node.url).port });
  await sayYes(ann, bob);
  expect((await colourSeen(ann)).colour).toBe('blue');
  for (const { page } of [ann, bob, eve]) {
    expect(await page.locator('body').innerText()).not.toMatch(/no room|restart/);
  }
  await first.sendHome();
  await first.browsers.close();
  await second.close();
}, 120_000);

test('S4 a machine without a network says so, in a call and when the time for coming back is over', async () => {
  const [ann, bob] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  await meet(ann, bob);
  await ann.context.setOffline(true);
  await ann.page
    .getByText(/^You are offline\. If you are back within \d+ s, this call continues\.$/)
    .waitFor();
  await ann.page.getByText('This call ended while you were disconnected').last().waitFor({ timeout: 25_000 });
  // A node that is late holds the place for longer, and the call would go on.
  await eventually(() => scene.node.parts.calls.size === 0, 40_000);
  await ann.context.setOffline(false);
  await ann.page.locator('[data-phase=searching]').waitFor({ timeout: 30_000 });
}, 120_000);
