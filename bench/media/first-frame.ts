/**
 * How long from the match (the server's decision) to the first packet and the first decoded frame, at both ends:
 * lines ready on one worker and on two, on one node and on two, the next partner on the same line, lines made on the
 * match, and a bare peer-to-peer page, all in one run and turn by turn, so that the machine's moods fall on all alike.
 */
import type { Page } from 'playwright-core';
import { RedisServer } from '../../test/support/redis-server';
import { SECRET, startNode, type BenchNode } from '../support/node';
import { quantile } from '../support/quantile';
import type { WiredCalls } from './page';
import { BenchPages } from './pages';

const ROUNDS = Number(process.argv[2] ?? 50);
const COLD_ROUNDS = Math.min(ROUNDS, 20);
/** Everyone may meet everyone at once: this measures media, not waiting. */
const STEPS = '[{"afterMs":0,"minScore":0,"circle":"anyone"}]';

const NODES_HEAR_MS = 10_000;

const settings = (origin: string, workers: number): Record<string, string> => ({
  MEDIA_WORKERS: String(workers),
  ALLOWED_ORIGINS: origin,
  MATCH_STEPS: STEPS,
  SKIP_BURST: '1000',
});

interface Row {
  readonly name: string;
  readonly rtp: number[];
  readonly frame: number[];
}

const row = (name: string): Row => ({ name, rtp: [], frame: [] });

/** The later of the two ends counts: a call is there when both see each other. */
function note(to: Row, matchCommit: readonly WiredCalls[]): void {
  to.frame.push(Math.max(...matchCommit.map(({ firstFrameAt, matchedAt }) => firstFrameAt - matchedAt)));
  const rtp = matchCommit.map(
    ({ firstRtpAt, firstFrameAt, matchedAt }) => (firstRtpAt ?? firstFrameAt) - matchedAt,
  );
  to.rtp.push(Math.max(...rtp));
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function bothMeet(pages: readonly Page[], start: () => Promise<unknown>): Promise<WiredCalls[]> {
  const matchCommit = pages.map((page) => page.evaluate(() => window.bench.meeting()));
  await rest(30);
  await start();
  return Promise.all(matchCommit);
}

async function ready(pages: readonly Page[], to: Row): Promise<void> {
  const matchCommit = await bothMeet(pages, () =>
    Promise.all(pages.map((p) => p.evaluate(() => window.bench.find()))),
  );
  note(to, matchCommit);
  await rest(700);
}

async function next(pages: readonly Page[], to: Row, round: number): Promise<void> {
  const skipper = pages[round % pages.length];
  note(to, await bothMeet(pages, () => skipper?.evaluate(() => window.bench.next()) ?? Promise.resolve()));
  await rest(700);
}

async function stop(pages: readonly Page[]): Promise<void> {
  // The second page asks again by itself when it is left; both are stopped until neither does.
  for (let i = 0; i < 2; i += 1) {
    await Promise.all(pages.map((page) => page.evaluate(() => window.bench.stop())));
    await rest(120);
  }
}

/** The sockets of the two pages are at these nodes; lines go wherever the product places them. */
async function measurePair(
  pages: BenchPages,
  at: readonly [BenchNode, BenchNode],
  label: string,
): Promise<Row[]> {
  const pair = [await pages.page(), await pages.page()];
  const [match, skip] = [row(`${label}: match, line ready`), row(`${label}: next partner`)];
  for (const [index, page] of pair.entries()) {
    await page.evaluate((url) => window.bench.arrive(url, true), (at[index] ?? at[0]).wsUrl);
  }
  await mustHoldLines(at);
  await ready(pair, row('warm-up'));
  for (let round = 0; round < ROUNDS; round += 1) {
    await stop(pair);
    await ready(pair, match);
    // The pace of skipping is limited; every second round keeps within it.
    if (round % 2 === 0) await next(pair, skip, round / 2);
  }
  await mustHoldLines(at);
  for (const page of pair) await page.close();
  await rest(500);
  return [match, skip];
}

/** Two nodes have a line each, one node has both: else the rows would not be what they are called. */
async function mustHoldLines(at: readonly [BenchNode, BenchNode]): Promise<void> {
  const lines = await Promise.all(at.map(async (node) => (await node.metrics()).get('passerby_lines')));
  const each = at[0] === at[1] ? 2 : 1;
  if (lines.some((count) => count !== each)) throw new Error(`the nodes have ${lines.join(' and ')} lines`);
}

/** One node of many, and then a second one beside it: the same Redis, the same director, other lines. */
async function measureNodes(pages: BenchPages): Promise<{ one: Row[]; two: Row[] }> {
  const redis = await RedisServer.start();
  const nodes: BenchNode[] = [];
  const add = async (): Promise<BenchNode> => {
    const shared = { REDIS_URL: redis.url, SECRET };
    const node = await startNode({ ...settings(pages.origin, 1), ...shared });
    nodes.push(node);
    return node;
  };
  try {
    const first = await add();
    const one = await measurePair(pages, [first, first], 'one node of many');
    const second = await add();
    await hearingEachOther(nodes);
    // Who has left keeps a place for some seconds, and a line with it.
    await rest(6_000);
    return { one, two: await measurePair(pages, [first, second], 'two nodes') };
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await redis.stop();
  }
}

async function hearingEachOther(nodes: readonly BenchNode[]): Promise<void> {
  for (const start = Date.now(); Date.now() - start < NODES_HEAR_MS; await rest(100)) {
    const heard = await Promise.all(nodes.map(async (node) => (await node.metrics()).get('passerby_nodes')));
    if (heard.every((count) => count === nodes.length)) return;
  }
  throw new Error('the nodes do not hear each other');
}

async function measureCold(pages: BenchPages, node: BenchNode): Promise<Row> {
  const cold = row('one worker: match, line made on it (cold)');
  const pair = [await pages.page(), await pages.page()];
  for (let round = 0; round < COLD_ROUNDS; round += 1) {
    const matchCommit = pair.map((page) => page.evaluate(() => window.bench.meeting()));
    await Promise.all(
      pair.map((page) =>
        page.evaluate(async (url) => {
          await window.bench.arrive(url, false);
          window.bench.find();
        }, node.wsUrl),
      ),
    );
    note(cold, await Promise.all(matchCommit));
    await rest(300);
    for (const page of pair) await page.evaluate(() => window.bench.leave());
    await rest(300);
  }
  for (const page of pair) await page.close();
  return cold;
}

async function measurePeerToPeer(pages: BenchPages): Promise<Row> {
  const bare = row('bare peer to peer');
  const pair = [await pages.page(), await pages.page()];
  for (const page of pair) await page.evaluate(() => window.peerToPeer.arrive());
  for (let round = 0; round <= ROUNDS; round += 1) {
    const matchCommit = await Promise.all(
      pair.map((page) => page.evaluate((url) => window.peerToPeer.meet(url), pages.relayUrl)),
    );
    if (round > 0) note(bare, matchCommit);
    await rest(700);
  }
  for (const page of pair) await page.close();
  return bare;
}

const rounded = (numbers: readonly number[], q: number): number => Math.round(quantile(numbers, q));

function print(rows: readonly Row[], bare: Row): void {
  const base = rounded(bare.frame, 0.5);
  console.log(
    `\n${'ms from the match, the later end'.padEnd(46)} n   RTP p50 p99   frame p50  p99   × peer to peer`,
  );
  for (const { name, rtp, frame } of [...rows, bare]) {
    const p50 = rounded(frame, 0.5);
    const figures = [
      String(frame.length).padStart(3),
      String(rounded(rtp, 0.5)).padStart(9),
      String(rounded(rtp, 0.99)).padStart(4),
      String(p50).padStart(11),
      String(rounded(frame, 0.99)).padStart(5),
      (p50 / base).toFixed(2).padStart(12),
    ];
    console.log(`${name.padEnd(44)} ${figures.join(' ')}`);
  }
}

const ratio = (of: Row | undefined, to: Row | undefined): string =>
  (rounded(of?.frame ?? [], 0.5) / rounded(to?.frame ?? [], 0.5)).toFixed(2);

async function main(): Promise<void> {
  const pages = await BenchPages.open();
  const nodes: BenchNode[] = [];
  try {
    const one = await startNode(settings(pages.origin, 1));
    nodes.push(one);
    const two = await startNode(settings(pages.origin, 2));
    nodes.push(two);
    const onOne = await measurePair(pages, [one, one], 'one worker');
    const bare = await measurePeerToPeer(pages);
    const onTwo = await measurePair(pages, [two, two], 'two workers');
    const many = await measureNodes(pages);
    const cold = await measureCold(pages, one);
    print([...onOne, ...onTwo, ...many.one, ...many.two, cold], bare);
    console.log(
      `\nfirst frame p50, match and next partner: lines on two workers / on one ${ratio(onTwo[0], onOne[0])}, ${ratio(onTwo[1], onOne[1])}`,
    );
    console.log(
      `on two nodes / on one node of many ${ratio(many.two[0], many.one[0])}, ${ratio(many.two[1], many.one[1])}; on two nodes / on a node alone ${ratio(many.two[0], onOne[0])}, ${ratio(many.two[1], onOne[1])}`,
    );
  } finally {
    await pages.close();
    await Promise.all(nodes.map((node) => node.stop()));
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
