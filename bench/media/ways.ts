import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Alternating } from '../support/alternate';
import type { BenchNode } from '../support/node';
import { breakdown, callTimes, note, noteSteps, type CallTimes, type Ends } from './call-times';
import type { BenchPages } from './pages';
import type { Placement } from './placement';

/** Longer than the client keeps a call's leftovers, so that rounds do not touch each other. */
const SETTLE_MS = 700;
const PARTED_MS = 120;
/** How long a call may take before the bench is given up. */
const PATIENCE_MS = 60_000;

/** A way to bring two people together that is measured. */
export interface Way extends Alternating {
  /** Rounds whose figures are not to count. */
  forget(): void;
  readonly times: readonly CallTimes[];
  close(): Promise<void>;
}

const LATE = 'a call took too long';

/** Starts a call of these two pages by `start`, and returns the milestones that both have seen. */
export async function observedCall(
  pages: readonly Page[],
  goal: 'frame' | 'unveiled',
  start: () => Promise<unknown>,
): Promise<Ends> {
  const ends = pages.map((page) => page.evaluate((to) => window.callObserver.next(to), goal));
  const late = sleep(PATIENCE_MS, undefined, { ref: false }).then(() => Promise.reject(new Error(LATE)));
  late.catch(() => undefined);
  await sleep(30);
  await start();
  return Promise.race([Promise.all(ends), late]);
}

export interface PairOptions {
  readonly name: string;
  /** Where the sockets of the two are; lines go wherever the product places them. */
  readonly at: readonly [BenchNode, BenchNode];
  readonly veiled: boolean;
  /** Throws where the lines are not where the name of the way says. */
  readonly placement: Placement;
  /** Whether the nodes have a probe that sees the steps. */
  readonly steps: boolean;
}

/** Two people whose lines are ready, who meet, and then go on to the next partner: to each other. */
export class ReadyPair implements Way {
  private match: CallTimes;
  private next: CallTimes;
  steps = breakdown();

  constructor(
    private readonly pages: readonly Page[],
    private readonly options: PairOptions,
  ) {
    [this.match, this.next] = this.fresh();
  }

  static async arrive(pages: BenchPages, at: PairOptions['at']): Promise<readonly Page[]> {
    const pair = [await pages.page(), await pages.page()];
    for (const [index, page] of pair.entries())
      await page.evaluate((url) => window.client.arrive(url, true), (at[index] ?? at[0]).wsUrl);
    return pair;
  }

  get name(): string {
    return this.options.name;
  }

  get times(): readonly CallTimes[] {
    return [this.match, this.next];
  }

  forget(): void {
    [this.match, this.next] = this.fresh();
    this.steps = breakdown();
  }

  async round(round: number): Promise<void> {
    const { pages } = this;
    const { veiled, placement, steps, at } = this.options;
    const goal = veiled ? 'unveiled' : 'frame';
    for (const node of at) node.takeMarks();
    const ends = await observedCall(pages, goal, () =>
      Promise.all(pages.map((page) => page.evaluate((veil) => window.client.find(veil), veiled))),
    );
    note(this.match, ends);
    if (steps) noteSteps(this.steps, ends, at[0].takeMarks());
    await placement();
    await sleep(SETTLE_MS);
    const skipper = pages[Math.floor(round / 2) % pages.length];
    note(
      this.next,
      await observedCall(
        pages,
        goal,
        () => skipper?.evaluate(() => window.client.next()) ?? Promise.resolve(),
      ),
    );
    await sleep(SETTLE_MS);
    await this.part();
  }

  async close(): Promise<void> {
    for (const page of this.pages) await page.close();
  }

  private fresh(): [CallTimes, CallTimes] {
    return [callTimes(`${this.name}: match`), callTimes(`${this.name}: next partner`)];
  }

  private async part(): Promise<void> {
    // The second page asks again by itself when it is left; both are stopped until neither does.
    for (let i = 0; i < 2; i += 1) {
      await Promise.all(this.pages.map((page) => page.evaluate(() => window.client.stop())));
      await sleep(PARTED_MS);
    }
  }
}

/** Two people who arrive and meet while their lines are still being made. */
export class ColdPair implements Way {
  readonly name = 'one worker, line made on the match (cold)';
  private cold = callTimes(this.name);

  constructor(
    private readonly pages: readonly Page[],
    private readonly node: BenchNode,
    private readonly rounds: number,
  ) {}

  get times(): readonly CallTimes[] {
    return [this.cold];
  }

  forget(): void {
    this.cold = callTimes(this.name);
  }

  async round(round: number): Promise<void> {
    if (round >= this.rounds) return;
    const ends = await observedCall(this.pages, 'frame', () =>
      Promise.all(
        this.pages.map((page) =>
          page.evaluate(async (url) => {
            await window.client.arrive(url, false);
            window.client.find(false);
          }, this.node.wsUrl),
        ),
      ),
    );
    note(this.cold, ends);
    await sleep(SETTLE_MS / 2);
    for (const page of this.pages) await page.evaluate(() => window.client.leave());
    await sleep(SETTLE_MS / 2);
  }

  async close(): Promise<void> {
    for (const page of this.pages) await page.close();
  }
}

/** Two pages that connect to each other directly. */
export class BarePair implements Way {
  readonly name = 'bare peer to peer';
  private bare = callTimes(this.name);

  private constructor(
    private readonly pages: readonly Page[],
    private readonly relayUrl: string,
  ) {}

  static async open(pages: BenchPages): Promise<BarePair> {
    const pair = [await pages.page(), await pages.page()];
    for (const page of pair) await page.evaluate(() => window.peerToPeer.arrive());
    return new BarePair(pair, pages.relayUrl);
  }

  get times(): readonly CallTimes[] {
    return [this.bare];
  }

  forget(): void {
    this.bare = callTimes(this.name);
  }

  async round(): Promise<void> {
    const ends = await observedCall(this.pages, 'frame', () =>
      Promise.all(
        this.pages.map((page) => page.evaluate((url) => window.peerToPeer.meet(url), this.relayUrl)),
      ),
    );
    note(this.bare, ends);
    await sleep(SETTLE_MS);
  }

  async close(): Promise<void> {
    for (const page of this.pages) await page.close();
  }
}
