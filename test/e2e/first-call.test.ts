/** @alone The time until a picture arrives is measured, and two cores hardly carry two pictures of 720 lines. */
/// <reference lib="dom" />
import type { BrowserContext } from 'playwright-core';
import { Browsers, type Visitor } from '../support/browser';
import { startNode, type TestNode } from '../support/node';

/** Browsers that have just been started: their estimate of the connection starts with the call. */
const ROUNDS = 4;
/** How long people look at each other through the veil. */
const VEILED_MS = 2_500;
/** From the second yes to the whole picture, as is promised. */
const PROMISED_MS = 2_000;
/**
 * Where a busy machine makes a browser believe in a slow connection when the veil goes, the promise is not kept yet: in one
 * call of eight on two cores with a load of ten (decision 0050). So one round of four may be later, but not for ever.
 */
const LATE_ROUNDS = 1;
const MOST_MS = 20_000;

type WatchedWindow = typeof globalThis & { connections: RTCPeerConnection[] };

/** Keeps the page's connections, whose statistics say what is sent. */
const watch = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    const own = window as unknown as WatchedWindow;
    own.connections = [];
    own.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        own.connections.push(this);
      }
    };
  });

interface Statistic {
  readonly type: string;
  readonly kind?: string;
  readonly framesSent?: number;
}

/** Video frames that were sent so far, by layer. */
async function framesSent({ page }: Visitor): Promise<number[]> {
  const statistics = await page.evaluate(async () => {
    const reports = await Promise.all(
      (window as unknown as WatchedWindow).connections.map((connection) => connection.getStats()),
    );
    // A line sends on one connection: the one with video.
    const sends = reports.find((report) =>
      [...report.values()].some((one: Statistic) => one.type === 'outbound-rtp' && one.kind === 'video'),
    );
    return [...(sends?.values() ?? [])] as Statistic[];
  });
  return statistics
    .filter(({ type, kind }) => type === 'outbound-rtp' && kind === 'video')
    .map(({ framesSent: sent = 0 }) => sent);
}

/** Resolves when the partner's picture is whole: with how long that took (ms). */
async function whole({ page }: Visitor): Promise<number> {
  const since = performance.now();
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll('video')].some(
        (video) => video.dataset['testid'] === 'other-video' && video.videoWidth === 1280,
      ),
    undefined,
    { timeout: MOST_MS, polling: 50 },
  );
  return performance.now() - since;
}

describe('the first call of a browser', () => {
  let node: TestNode;
  /** For each round, how long it took until both saw each other whole (ms). */
  const took: number[] = [];
  beforeAll(async () => void (node = await startNode()));
  afterAll(() => node.close());

  for (let round = 1; round <= ROUNDS; round += 1)
    it(`C2 P1 both layers run behind the veil, and the whole picture arrives after the second yes (${round} of ${ROUNDS})`, async () => {
      const browsers = new Browsers();
      try {
        const both = await Promise.all(
          [1280, 390].map((width) =>
            browsers.visit(node.url, { threeCameras: true, viewport: { width, height: 800 }, before: watch }),
          ),
        );
        for (const { page } of both) {
          await page.getByTestId('agree').check();
          await page.getByTestId('meet-button').click();
        }
        for (const { page } of both) await page.getByTestId('accept-button').waitFor();
        const before = await Promise.all(both.map(framesSent));
        await both[0]?.page.waitForTimeout(VEILED_MS);
        const veiled = await Promise.all(both.map(framesSent));
        for (const [index, frames] of veiled.entries()) {
          expect(frames).toHaveLength(2);
          // mediasoup chooses no layer that sent nothing until a moment ago.
          frames.forEach((sent, layer) => expect(sent).toBeGreaterThan((before[index]?.[layer] ?? 0) + 5));
        }
        for (const { page } of both) await page.getByTestId('accept-button').click();
        took.push(Math.max(...(await Promise.all(both.map(whole)))));
      } finally {
        await browsers.close();
      }
    }, 60_000);

  it('C2 P1 it arrives within two seconds in as many rounds as are promised', () => {
    console.info(`whole after ${took.map((ms) => Math.round(ms)).join(', ')} ms`);
    expect(took).toHaveLength(ROUNDS);
    expect(took.filter((ms) => ms > PROMISED_MS).length).toBeLessThanOrEqual(LATE_ROUNDS);
  });
});
