/// <reference lib="dom" />
import type { BrowserContext, Page } from 'playwright-core';
import { arrive, meet, party, sayYes, type Party } from '../support/party';

let scene: Party;
beforeAll(async () => {
  scene = await party();
}, 90_000);
afterAll(() => scene?.close());
afterEach(() => scene.sendHome());

test('C2 V4 a voice call says who speaks, from what arrives of their sound, and who is muted', async () => {
  const [ann, bob] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  for (const { page } of [ann, bob]) await page.locator('input[value=audio]').check({ force: true });
  await meet(ann, bob);
  // The microphones of the test browsers beep once a second.
  for (const { page } of [ann, bob]) {
    await page.locator('[data-testid=speaking][data-on=true]').waitFor({ timeout: 20_000 });
  }
  await ann.page.keyboard.press('m');
  await bob.page.getByTestId('speaking').waitFor({ state: 'detached' });
  await ann.page.keyboard.press('m');
  await bob.page.locator('[data-testid=speaking][data-on=true]').waitFor({ timeout: 20_000 });
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
}, 120_000);

/** Keeps every connection of the page and counts its offers, so that a test reads what leaves the browser. */
const WATCH_CONNECTIONS = `{
  const made = (window.madeConnections = []);
  window.madeOffers = 0;
  const Native = RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...options) {
      super(...options);
      made.push(this);
    }
    createOffer(...options) {
      window.madeOffers += 1;
      return super.createOffer(...options);
    }
  };
}`;

/** Bytes of sound that have left the browser so far, and how often something was negotiated. */
const soundSent = (page: Page): Promise<{ bytes: number; offers: number }> =>
  page.evaluate(async () => {
    const { madeConnections, madeOffers } = window as unknown as {
      readonly madeConnections: readonly RTCPeerConnection[];
      readonly madeOffers: number;
    };
    let bytes = 0;
    for (const connection of madeConnections) {
      for (const report of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
        if (report['type'] === 'outbound-rtp' && report['kind'] === 'audio')
          bytes += Number(report['bytesSent']);
      }
    }
    return { bytes, offers: madeOffers };
  });

test.each(['audio', 'video'] as const)(
  'C2 [C2.3] no sound leaves the browser before both have said yes, and then it does without a negotiation (%s)',
  async (mode) => {
    const before = (context: BrowserContext): Promise<unknown> =>
      context.addInitScript({ content: WATCH_CONNECTIONS });
    const [ann, bob] = [await arrive(scene, 'red', { before }), await arrive(scene, 'blue', { before })];
    for (const { page } of [ann, bob]) {
      await page.locator(`input[value=${mode}]`).check({ force: true });
      await page.getByTestId('meet-button').click();
    }
    for (const { page } of [ann, bob]) await page.getByTestId('accept-button').waitFor({ timeout: 20_000 });
    await ann.page.getByTestId('accept-button').click();
    // Whatever is still under way when the call is found has left by now.
    await ann.page.waitForTimeout(1_500);
    const asked = await soundSent(ann.page);
    await ann.page.waitForTimeout(3_000);
    expect(await soundSent(ann.page)).toEqual(asked);

    await sayYes(bob);
    await ann.page.getByTestId('chat-input').waitFor();
    const heard = async (): Promise<boolean> => (await soundSent(ann.page)).bytes > asked.bytes + 1_000;
    for (let tries = 0; tries < 100 && !(await heard()); tries += 1) await ann.page.waitForTimeout(100);
    const open = await soundSent(ann.page);
    expect(open.bytes).toBeGreaterThan(asked.bytes + 1_000);
    expect(open.offers).toBe(asked.offers);
  },
  120_000,
);
