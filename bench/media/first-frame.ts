/**
 * How long from the match (the server's decision) to the first packet and the first decoded frame, at both ends:
 * lines ready on one worker and on two, the next partner on the same line, lines made on the match, and a bare
 * peer-to-peer page, all in one run and turn by turn, so that the machine's moods fall on all alike.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Meeting } from './page';
import { BenchPages } from './pages';

const ROUNDS = Number(process.argv[2] ?? 50);
const COLD_ROUNDS = Math.min(ROUNDS, 20);
/** Everyone may meet everyone at once: this measures media, not waiting. */
const STEPS = '[{"afterMs":0,"minScore":0,"circle":"anyone"}]';

interface Node {
  readonly url: string;
  readonly process: ChildProcess;
}

async function startNode(workers: number, origin: string, dataDir: string): Promise<Node> {
  const child = spawn(process.execPath, ['build/server/main.js'], {
    env: {
      ...process.env,
      PORT: '0',
      RTC_PORT: '0',
      MEDIA_WORKERS: String(workers),
      ALLOWED_ORIGINS: origin,
      DATA_DIR: dataDir,
      MATCH_STEPS: STEPS,
      SKIP_BURST: '1000',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the server ended')));
    child.stdout?.on('data', (data: Buffer) => {
      const port = /localhost:(\d+)/.exec(String(data))?.[1];
      if (port !== undefined) resolve(`ws://127.0.0.1:${port}/ws`);
    });
  });
  return { url, process: child };
}

interface Row {
  readonly name: string;
  readonly rtp: number[];
  readonly frame: number[];
}

const row = (name: string): Row => ({ name, rtp: [], frame: [] });

/** The later of the two ends counts: a call is there when both see each other. */
function note(to: Row, meetings: readonly Meeting[]): void {
  to.frame.push(Math.max(...meetings.map(({ firstFrameAt, matchedAt }) => firstFrameAt - matchedAt)));
  const rtp = meetings.map(
    ({ firstRtpAt, firstFrameAt, matchedAt }) => (firstRtpAt ?? firstFrameAt) - matchedAt,
  );
  to.rtp.push(Math.max(...rtp));
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function bothMeet(pages: readonly Page[], start: () => Promise<unknown>): Promise<Meeting[]> {
  const meetings = pages.map((page) => page.evaluate(() => window.bench.meeting()));
  await rest(30);
  await start();
  return Promise.all(meetings);
}

async function ready(pages: readonly Page[], to: Row): Promise<void> {
  const meetings = await bothMeet(pages, () =>
    Promise.all(pages.map((p) => p.evaluate(() => window.bench.find()))),
  );
  note(to, meetings);
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

async function measureNode(pages: BenchPages, node: Node, label: string): Promise<Row[]> {
  const pair = [await pages.page(), await pages.page()];
  const [match, skip] = [row(`${label}: match, line ready`), row(`${label}: next partner`)];
  for (const page of pair) await page.evaluate((url) => window.bench.arrive(url, true), node.url);
  await ready(pair, row('warm-up'));
  for (let round = 0; round < ROUNDS; round += 1) {
    await stop(pair);
    await ready(pair, match);
    // The pace of skipping is limited; every second round keeps within it.
    if (round % 2 === 0) await next(pair, skip, round / 2);
  }
  for (const page of pair) await page.close();
  return [match, skip];
}

async function measureCold(pages: BenchPages, node: Node): Promise<Row> {
  const cold = row('one worker: match, line made on it (cold)');
  const pair = [await pages.page(), await pages.page()];
  for (let round = 0; round < COLD_ROUNDS; round += 1) {
    const meetings = pair.map((page) => page.evaluate(() => window.bench.meeting()));
    await Promise.all(
      pair.map((page) =>
        page.evaluate(async (url) => {
          await window.bench.arrive(url, false);
          window.bench.find();
        }, node.url),
      ),
    );
    note(cold, await Promise.all(meetings));
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
    const meetings = await Promise.all(
      pair.map((page) => page.evaluate((url) => window.peerToPeer.meet(url), pages.relayUrl)),
    );
    if (round > 0) note(bare, meetings);
    await rest(700);
  }
  for (const page of pair) await page.close();
  return bare;
}

const quantile = (numbers: readonly number[], q: number): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN);
};

function print(rows: readonly Row[], bare: Row): void {
  const base = quantile(bare.frame, 0.5);
  console.log(
    `\n${'ms from the match, the later end'.padEnd(46)} n   RTP p50 p99   frame p50  p99   × peer to peer`,
  );
  for (const { name, rtp, frame } of [...rows, bare]) {
    const p50 = quantile(frame, 0.5);
    const figures = [
      String(frame.length).padStart(3),
      String(quantile(rtp, 0.5)).padStart(9),
      String(quantile(rtp, 0.99)).padStart(4),
      String(p50).padStart(11),
      String(quantile(frame, 0.99)).padStart(5),
      (p50 / base).toFixed(2).padStart(12),
    ];
    console.log(`${name.padEnd(44)} ${figures.join(' ')}`);
  }
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'passerby-bench-'));
  const pages = await BenchPages.open();
  const nodes = [
    await startNode(1, pages.origin, path.join(dataDir, '1')),
    await startNode(2, pages.origin, path.join(dataDir, '2')),
  ];
  try {
    const [one, two] = nodes;
    if (one === undefined || two === undefined) return;
    const onOne = await measureNode(pages, one, 'one worker');
    const bare = await measurePeerToPeer(pages);
    const onTwo = await measureNode(pages, two, 'two workers');
    const cold = await measureCold(pages, one);
    print([...onOne, ...onTwo, cold], bare);
    const [a, b] = [onOne[0], onTwo[0]].map((of) => quantile(of?.frame ?? [], 0.5));
    console.log(`\nlines on two workers / on one, first frame p50: ${((b ?? NaN) / (a ?? NaN)).toFixed(2)}`);
  } finally {
    await pages.close();
    for (const node of nodes) node.process.kill('SIGTERM');
    await rest(500);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
