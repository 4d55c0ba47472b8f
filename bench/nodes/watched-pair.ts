import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { FrameGaps, Picture } from '../media/call-observer';
import type { BenchPages } from '../media/pages';
import { observedCall } from '../media/ways';

const LOOK_MS = 20;

/** Two people in a call with the veil off, each watched. */
export class WatchedPair {
  private constructor(
    private readonly pages: readonly Page[],
    readonly callId: string,
  ) {}

  /** `url`: of the load balancer in front of the nodes. */
  static async meet(from: BenchPages, url: string): Promise<WatchedPair> {
    const pages = [await from.page(), await from.page()];
    for (const page of pages) await page.evaluate((at) => window.client.arrive(at, true), url);
    const ends = await observedCall(pages, 'frame', () =>
      Promise.all(pages.map((page) => page.evaluate(() => window.client.find(false)))),
    );
    return new WatchedPair(pages, ends[0]?.callId ?? '');
  }

  /** The longest time between two frames on either side since this was last asked; throws where no frames came. */
  async takeLongestGap(): Promise<number> {
    const gaps: FrameGaps[] = await Promise.all(
      this.pages.map((page) => page.evaluate(() => window.callObserver.takeGaps())),
    );
    if (gaps.some(({ frames }) => frames < 2)) throw new Error('a side shows no frames');
    return Math.max(...gaps.map(({ longest }) => longest));
  }

  /** When both have seen a frame of a picture that was made after this moment (ms since the epoch). */
  async seeEachOtherAnew(after: number, withinMs: number): Promise<number> {
    for (const until = Date.now() + withinMs; Date.now() < until; await sleep(LOOK_MS)) {
      const pictures: (Picture | undefined)[] = await Promise.all(
        this.pages.map((page) => page.evaluate(() => window.callObserver.newestPicture())),
      );
      const times = pictures.flatMap((picture) =>
        picture !== undefined && picture.madeAt > after && picture.frameAt !== null ? [picture.frameAt] : [],
      );
      if (times.length === pictures.length) return Math.max(...times);
    }
    const seen = await Promise.all(
      this.pages.map((page) =>
        page.evaluate(() => ({
          phase: window.client.describe(),
          picture: window.callObserver.newestPicture() ?? null,
        })),
      ),
    );
    throw new Error(`they do not see each other again: ${JSON.stringify(seen)}`);
  }

  /** Throws where either side is in another call than at first, or in none. */
  async mustBeInTheSameCall(): Promise<void> {
    const calls = await Promise.all(this.pages.map((page) => page.evaluate(() => window.client.callId())));
    if (calls.some((callId) => callId !== this.callId))
      throw new Error(`they are in another call: ${calls.join(', ')} instead of ${this.callId}`);
  }

  async leave(): Promise<void> {
    for (const page of this.pages) {
      await page.evaluate(() => window.client.leave());
      await page.close();
    }
  }
}
