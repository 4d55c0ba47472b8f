import { eventually } from '../support/eventually';
import type { Page } from 'playwright-core';
import { arrive, colourSeen, meet, party, type Party } from '../support/party';

let scene: Party;
beforeAll(async () => {
  scene = await party();
});
afterAll(() => scene.close());
afterEach(() => scene.sendHome());

/** Longer than two tabs with one token would need to throw each other out some times. */
const WATCH_MS = 4_000;

const peers = (): string[] => [...scene.node.parts.peers.all()].map(({ id }) => id);

/** What "Duplicate tab" does: the new tab begins with a copy of this tab's storage. */
async function duplicate(page: Page): Promise<Page> {
  const [copy] = await Promise.all([
    page.context().waitForEvent('page'),
    page.evaluate(() => void window.open(location.href)),
  ]);
  return copy;
}

/** Takes the programming interfaces away, as in browsers that do not have them. */
const WITHOUT: Readonly<Record<string, () => void>> = {
  'everything that browsers have': () => undefined,
  'no locks': () => Reflect.deleteProperty(Navigator.prototype, 'locks'),
  'neither locks nor channels': () => {
    Reflect.deleteProperty(Navigator.prototype, 'locks');
    Reflect.deleteProperty(globalThis, 'BroadcastChannel');
  },
};

test.each(Object.keys(WITHOUT))(
  'S4 A1 with %s: a duplicated tab is a second guest, and the first one stays in the call',
  async (which) => {
    const [ann, bob] = [await arrive(scene, 'red'), await arrive(scene, 'blue', { ownBrowser: true })];
    await bob.page.context().addInitScript(WITHOUT[which] ?? (() => undefined));
    await bob.page.reload();
    await bob.page.getByTestId('agree').check();
    await meet(ann, bob);
    const before = peers();
    const copy = await duplicate(bob.page);
    await copy.getByTestId('meet-button').waitFor({ timeout: 45_000 });
    await bob.page.waitForTimeout(WATCH_MS);
    await eventually(() => peers().length === before.length + 1, 30_000);
    expect(peers()).toEqual(expect.arrayContaining(before));
    expect(scene.node.parts.calls.size).toBe(1);
    expect((await colourSeen(bob)).colour).toBe('red');
    expect((await colourSeen(ann)).colour).toBe('blue');
    expect(await copy.getByTestId('meet-button').isVisible()).toBe(true);
    // Each is itself after a reload.
    const all = peers().sort();
    await copy.reload();
    await bob.page.reload();
    await bob.page.getByTestId('chat-input').waitFor({ timeout: 45_000 });
    await copy.getByTestId('meet-button').waitFor({ timeout: 45_000 });
    await bob.page.waitForTimeout(1_000);
    expect(peers().sort()).toEqual(all);
    expect(scene.node.parts.calls.size).toBe(1);
    await copy.close();
  },
  180_000,
);
