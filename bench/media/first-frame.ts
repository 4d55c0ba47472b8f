/** From the match to the first frame, at both ends: what a person waits for. See the header that it prints. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { RedisServer } from '../../test/support/redis-server';
import { alternate } from '../support/alternate';
import { P99_FROM } from '../support/figures';
import { underHeader, type Header } from '../support/header';
import { SECRET, startNode, type BenchNode } from '../support/node';
import { BenchPages } from './pages';
import { onOneWorker, onTwoNodes, onTwoWorkers } from './placement';
import { printBreakdown, printRatios, printTimes } from './report';
import { BarePair, ColdPair, ReadyPair, type Way } from './ways';

const USAGE = `usage: node bench/run.mjs media -- [rounds] [--full] [--only WAYS]
  rounds        rounds of each way; 50 where none are named
  --full        ${P99_FROM} rounds, from which on a 99th percentile means something (an hour and more)
  --only WAYS   some of them, with commas: one, veil, two, many, nodes, cold, p2p`;

/** Everyone may meet everyone at once: this measures media, not waiting. */
const STEPS = '[{"afterMs":0,"minScore":0,"circle":"anyone"}]';
const WAYS = ['one', 'veil', 'two', 'many', 'nodes', 'cold', 'p2p'] as const;
type WayName = (typeof WAYS)[number];
const DEFAULT_ROUNDS = 50;
const COLD_ROUNDS = 20;
const NODES_HEAR_MS = 10_000;

interface Options {
  readonly rounds: number;
  readonly only: ReadonlySet<string>;
}

function optionsOf(): Options {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2),
    allowPositionals: true,
    options: { full: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const rounds = values.full ? P99_FROM : Number(positionals[0] ?? DEFAULT_ROUNDS);
  const only = values.only?.split(',') ?? WAYS;
  const isKnown = only.every((name) => (WAYS as readonly string[]).includes(name));
  if (!Number.isInteger(rounds) || rounds < 1 || !isKnown) throw new Error(USAGE);
  return { rounds, only: new Set(only) };
}

const header = ({ rounds, only }: Options): Header => ({
  title: `media: from the match to the first frame, ${rounds} rounds of ${[...only].join(', ')}`,
  measures:
    'times of calls between two pages; the later end counts, since a call is there when both see each other',
  from: "the director's decision on the server (peer to peer: when the relay tells both)",
  to: 'the first packet of the picture, and the first frame that a video element shows',
  order: 'alternating: one round of each way, then the next one of each in reverse order, and so on',
  together:
    'one Chromium with all pages and their fake 720p cameras, every server and Redis, on this machine and over loopback',
  doesNotShow:
    'networks, loss, real cameras, other browsers, many calls at once; veil on: how long people take to say yes (here each says it at the first veiled frame)',
});

/** What is measured on, and how to take it down again. */
class Bench {
  private readonly nodes: BenchNode[] = [];
  private readonly servers: RedisServer[] = [];

  constructor(
    private readonly pages: BenchPages,
    private readonly options: Options,
  ) {}

  async ways(): Promise<Way[]> {
    const { only } = this.options;
    const wants = (name: WayName): boolean => only.has(name);
    const ways: Way[] = [];
    if (wants('one') || wants('veil') || wants('cold')) ways.push(...(await this.onOneWorker(wants)));
    if (wants('two')) ways.push(await this.onTwoWorkers());
    if (wants('many')) ways.push(await this.onOneOfMany());
    if (wants('nodes')) ways.push(await this.onTwoNodes());
    if (wants('p2p')) ways.push(await BarePair.open(this.pages));
    return ways;
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  private async node(workers: number, more: Readonly<Record<string, string>> = {}): Promise<BenchNode> {
    const environment = {
      MEDIA_WORKERS: String(workers),
      ALLOWED_ORIGINS: this.pages.origin,
      MATCH_STEPS: STEPS,
      SKIP_BURST: '1000',
      SKIPS_PER_MINUTE: '6000',
      ...more,
    };
    // Every server has the probe, so that no way is burdened more than another.
    const node = await startNode(environment, { probe: true });
    this.nodes.push(node);
    return node;
  }

  private async shared(): Promise<Readonly<Record<string, string>>> {
    const server = await RedisServer.start();
    this.servers.push(server);
    return { REDIS_URL: server.url, SECRET };
  }

  private async onOneWorker(wants: (name: WayName) => boolean): Promise<Way[]> {
    const node = await this.node(1);
    const at = [node, node] as const;
    const common = { at, placement: onOneWorker(node), steps: true };
    const ways: Way[] = [];
    if (wants('one') || wants('veil')) {
      const pair: readonly Page[] = await ReadyPair.arrive(this.pages, at);
      if (wants('veil'))
        ways.push(new ReadyPair(pair, { ...common, name: 'one worker, veil on (default)', veiled: true }));
      if (wants('one'))
        ways.push(new ReadyPair(pair, { ...common, name: 'one worker, veil off', veiled: false }));
    }
    if (wants('cold')) {
      const pair = [await this.pages.page(), await this.pages.page()];
      ways.push(new ColdPair(pair, node, Math.min(COLD_ROUNDS, this.options.rounds)));
    }
    return ways;
  }

  private async onTwoWorkers(): Promise<Way> {
    const node = await this.node(2);
    const at = [node, node] as const;
    const options = { at, placement: onTwoWorkers(node), steps: false, veiled: false };
    return new ReadyPair(await ReadyPair.arrive(this.pages, at), {
      ...options,
      name: 'two workers, veil off',
    });
  }

  private async onOneOfMany(): Promise<Way> {
    const node = await this.node(1, await this.shared());
    const at = [node, node] as const;
    const options = { at, placement: onOneWorker(node), steps: false, veiled: false };
    return new ReadyPair(await ReadyPair.arrive(this.pages, at), {
      ...options,
      name: 'one node of many, veil off',
    });
  }

  private async onTwoNodes(): Promise<Way> {
    const shared = await this.shared();
    const at = [await this.node(1, shared), await this.node(1, shared)] as const;
    await hearingEachOther(at);
    const options = { at, placement: onTwoNodes(at), steps: false, veiled: false };
    return new ReadyPair(await ReadyPair.arrive(this.pages, at), { ...options, name: 'two nodes, veil off' });
  }
}

async function hearingEachOther(nodes: readonly BenchNode[]): Promise<void> {
  for (const start = Date.now(); Date.now() - start < NODES_HEAR_MS; await sleep(100)) {
    const heard = await Promise.all(nodes.map(async (node) => (await node.metrics()).get('passerby_nodes')));
    if (heard.every((count) => count === nodes.length)) return;
  }
  throw new Error('the nodes do not hear each other');
}

async function main(): Promise<void> {
  const options = optionsOf();
  const pages = await BenchPages.open();
  const bench = new Bench(pages, options);
  try {
    await underHeader(header(options), async () => {
      const ways = await bench.ways();
      // The first call of each page compiles what the later ones use.
      await alternate(ways, 1);
      for (const way of ways) way.forget();
      await alternate(ways, options.rounds);
      for (const way of ways) await way.close();
      printTimes(ways);
      printBreakdown(ways);
      printRatios(ways);
    });
  } finally {
    await pages.close();
    await bench.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
