import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { breakdown, callTimes, note, noteSteps, type CallTimes } from '../media/call-times';
import type { BenchPages } from '../media/pages';
import { observedCall } from '../media/ways';
import type { Alternating } from '../support/alternate';
import { startNode, type BenchNode } from '../support/node';

/** Longer than the client keeps a call's leftovers, so that rounds do not touch each other. */
const SETTLE_MS = 700;
const LINE_MS = 2_500;
/** How often a button that is about to appear is looked for. */
const LOOK_MS = 5;

/**
 * One checkout of the product: its built server, and two people in front of its own screens. They press its buttons and
 * are watched from outside, so nothing here depends on how the checkout names things inside.
 */
export class Visitors implements Alternating {
  match: CallTimes;
  next: CallTimes;
  steps = breakdown();

  private constructor(
    readonly name: string,
    private readonly node: BenchNode,
    private readonly pages: readonly [Page, Page],
  ) {
    [this.match, this.next] = [callTimes('match'), callTimes('next partner')];
  }

  static async open(name: string, checkout: string, from: BenchPages): Promise<Visitors> {
    const environment = {
      MEDIA_WORKERS: '1',
      MATCH_STEPS: '[{"afterMs":0,"minScore":0,"circle":"anyone"}]',
      SKIP_BURST: '1000',
      SKIPS_PER_MINUTE: '6000',
    };
    const node = await startNode(environment, { checkout, probe: true });
    try {
      const pages = [await from.at(node.url), await from.at(node.url)] as const;
      for (const page of pages) {
        await page.getByTestId('agree').check();
        await page.evaluate((lookMs) => {
          const sayYes = (): void => {
            const button = document.querySelector('[data-testid=accept-button]');
            if (button instanceof HTMLElement) button.click();
            else window.setTimeout(sayYes, lookMs);
          };
          window.callObserver.onFirstFrame = sayYes;
        }, LOOK_MS);
      }
      // The page opens its camera by itself where it may, and makes its line then.
      await sleep(LINE_MS);
      return new Visitors(name, node, pages);
    } catch (error) {
      await node.stop();
      throw error;
    }
  }

  forget(): void {
    [this.match, this.next] = [callTimes('match'), callTimes('next partner')];
    this.steps = breakdown();
  }

  async round(round: number): Promise<void> {
    const { pages, node } = this;
    const press = (page: Page, button: string): Promise<void> => page.getByTestId(button).click();
    node.takeMarks();
    const met = await observedCall(pages, 'unveiled', () =>
      Promise.all(pages.map((page) => press(page, 'meet-button'))),
    );
    note(this.match, met);
    noteSteps(this.steps, met, node.takeMarks());
    await sleep(SETTLE_MS);
    const [one, other] = Math.floor(round / 2) % 2 === 0 ? pages : ([pages[1], pages[0]] as const);
    note(
      this.next,
      await observedCall(pages, 'unveiled', async () => {
        await press(one, 'next-button');
        await press(other, 'next-button');
      }),
    );
    await sleep(SETTLE_MS);
    await press(one, 'stop-button');
    await press(other, 'stop-button');
    for (const page of pages) await page.getByTestId('meet-button').waitFor();
    await sleep(SETTLE_MS);
  }

  async close(): Promise<void> {
    for (const page of this.pages) await page.close();
    await this.node.stop();
  }
}
