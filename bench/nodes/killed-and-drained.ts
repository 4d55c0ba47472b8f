/** What two people in a call see when a node under them is killed, and when it is drained. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BenchPages } from '../media/pages';
import { tableText } from '../support/figures';
import { underHeader, type Header } from '../support/header';
import type { BenchNode, Remaining } from '../support/node';
import { quantile } from '../support/quantile';
import { Installation } from './installation';
import { WatchedPair } from './watched-pair';

const USAGE = 'usage: node bench/run.mjs nodes -- [runs]';
const DEFAULT_RUNS = 5;
/** How long two people are watched before anything is done to them, and after it is over. */
const WATCH_MS = 4_000;
/** Long enough that the high layer is there, whose arrival is a gap of its own. */
const SETTLE_MS = 3_000;
const AGAIN_MS = 30_000;
const EMPTY_MS = 30_000;

const header = (runs: number): Header => ({
  title: `nodes: one is killed, one is drained, under a call over two nodes; ${runs} runs each`,
  measures: 'when both see each other again, the longest time between two frames on either side',
  from: 'killed: SIGKILL of a node with one of the two lines; drained: the request that begins it',
  to: 'killed: the later first frame of a picture made since, in the same call; drained: until nobody and nothing is left on the node, and frames until 4 s after that',
  order: 'block after block: all kills, then all drains; nothing is compared between the two',
  together:
    'Redis, two nodes (drained: three), a load balancer that looks at them every 0.2 s, and one Chromium with both pages, on this machine',
  doesNotShow:
    'networks, many calls on a node, a node that stands still instead of dying (see `npm run chaos`)',
});

interface Drained {
  readonly before: number;
  readonly during: number;
  readonly drainedMs: number;
}

/** Kills a node with one of the two lines. Answers with the ms until both see each other again. */
async function killed(pages: BenchPages): Promise<number> {
  const nodes = await Installation.start(2, pages.origin);
  try {
    const pair = await WatchedPair.meet(pages, nodes.wsUrl);
    await sleep(SETTLE_MS);
    const [node] = await nodes.withOneLineEach();
    if (node === undefined) throw new Error('no node has a line');
    const killedAt = Date.now();
    await nodes.kill(node);
    const seenAt = await pair.seeEachOtherAnew(killedAt, AGAIN_MS);
    await pair.mustBeInTheSameCall();
    const lines = await nodes.lines();
    if (lines[0] !== 2) throw new Error(`the node that is left has ${lines.join()} lines`);
    await pair.leave();
    return seenAt - killedAt;
  } finally {
    await nodes.close();
  }
}

async function untilEmpty(node: BenchNode): Promise<number> {
  const start = Date.now();
  const isEmpty = ({ people, lines, calls }: Remaining): boolean => people + lines + calls === 0;
  while (!isEmpty(await node.drain())) {
    if (Date.now() - start > EMPTY_MS) throw new Error('a node that is drained does not become empty');
    await sleep(20);
  }
  return Date.now() - start;
}

/** Drains nodes that have a line, one after the other, under the same call. */
async function drained(pages: BenchPages, runs: number): Promise<Drained[]> {
  const nodes = await Installation.start(3, pages.origin);
  try {
    const pair = await WatchedPair.meet(pages, nodes.wsUrl);
    const results: Drained[] = [];
    for (let run = 0; run < runs; run += 1) {
      await sleep(SETTLE_MS);
      const [node] = await nodes.withOneLineEach();
      if (node === undefined) throw new Error('no node has a line');
      await pair.takeLongestGap();
      await sleep(WATCH_MS);
      const before = await pair.takeLongestGap();
      const drainedMs = await untilEmpty(node);
      await sleep(WATCH_MS);
      const during = await pair.takeLongestGap();
      await pair.mustBeInTheSameCall();
      results.push({ before, during, drainedMs });
      await node.cancelDrain();
    }
    await pair.leave();
    return results;
  } finally {
    await nodes.close();
  }
}

const row = (what: string, numbers: readonly number[]): string[] => [
  what,
  String(numbers.length),
  ...[quantile(numbers, 0.5), Math.min(...numbers), Math.max(...numbers)].map((ms) => ms.toFixed(0)),
];

async function main(): Promise<void> {
  const { positionals } = parseArgs({ args: process.argv.slice(2), allowPositionals: true });
  const runs = Number(positionals[0] ?? DEFAULT_RUNS);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(USAGE);
  const pages = await BenchPages.open();
  try {
    await underHeader(header(runs), async () => {
      const again: number[] = [];
      for (let run = 0; run < runs; run += 1) again.push(await killed(pages));
      const moves = await drained(pages, runs);
      const rows = [
        ['ms', 'runs', 'median', 'least', 'most'],
        row('killed: both see each other again, in the same call', again),
        row(
          'drained: longest time between two frames on either side',
          moves.map(({ during }) => during),
        ),
        row(
          '  the same while nothing is done',
          moves.map(({ before }) => before),
        ),
        row(
          'drained: until nobody and nothing is left on the node',
          moves.map(({ drainedMs }) => drainedMs),
        ),
      ];
      console.log(`\n${tableText(rows)}`);
      const ratio =
        quantile(
          moves.map(({ during }) => during),
          0.5,
        ) /
        quantile(
          moves.map(({ before }) => before),
          0.5,
        );
      console.log(
        `\n  longest gap while drained / while nothing is done: ${ratio.toFixed(2)} (of the medians)`,
      );
    });
  } finally {
    await pages.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
