import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { z } from 'zod';
import { DomainError } from '../../src/domain/error';
import { startMediasoupNode } from '../../src/media';
import { eventually } from '../support/eventually';
import { startNode } from '../support/node';
import { receiver } from '../support/rtp';

const lineSchema = z.object({ level: z.number(), msg: z.string() });

const WORKER = process.env['MEDIASOUP_WORKER_BIN'] ?? '';

/** A media worker that dies at once while a file says so. */
class FrailWorker {
  private constructor(readonly folder: string) {}

  static async make(): Promise<FrailWorker> {
    const worker = new FrailWorker(await mkdtemp(path.join(tmpdir(), 'passerby-worker-')));
    const program = [
      '#!/bin/sh',
      `if [ ! -e '${worker.file('dies')}' ]; then exec '${WORKER}' "$@"; fi`,
      `echo start >> '${worker.file('starts')}'`,
      // It says that it runs, in most cases, and dies all the same.
      `'${WORKER}' "$@" &`,
      'started=$!',
      'sleep 0.1',
      'kill -9 $started',
    ];
    await writeFile(worker.bin, `${program.join('\n')}\n`);
    await chmod(worker.bin, 0o755);
    await writeFile(worker.file('starts'), '');
    return worker;
  }

  get bin(): string {
    return this.file('worker.sh');
  }

  async starts(): Promise<number> {
    return (await readFile(this.file('starts'), 'utf8')).split('\n').length - 1;
  }

  async break(): Promise<void> {
    await writeFile(this.file('dies'), '');
  }

  async mend(): Promise<void> {
    await rm(this.file('dies'));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private file(name: string): string {
    return path.join(this.folder, name);
  }
}

let worker: FrailWorker;
beforeAll(() => access(WORKER));
beforeEach(async () => {
  worker = await FrailWorker.make();
});
afterEach(() => worker.remove());

test('V2 a worker that dies at once is started seldom, is said once, and takes lines again when it lives', async () => {
  const said: z.infer<typeof lineSchema>[] = [];
  const log = pino(
    { level: 'info' },
    { write: (line: string) => void said.push(lineSchema.parse(JSON.parse(line))) },
  );
  const options = { ip: '127.0.0.1', port: 0, workers: 1, workerBin: worker.bin, ranWellMs: 3_000 };
  const media = await startMediasoupNode(options, log);
  const open = () =>
    media.openLine({ peerId: 'ann', gateway: 'here', rtpCapabilities: receiver, maxKbps: 2_000 });
  try {
    await open();
    await worker.break();
    process.kill(media.workerPids()[0] ?? 0, 'SIGKILL');
    await eventually(() => media.stats().workersFailing === 1);
    const alive: number[] = [];
    for (const until = performance.now() + 10_000; performance.now() < until; await sleep(20))
      alive.push(media.stats().workersAlive);
    // A worker that is about to die takes no lines.
    expect(new Set(alive)).toEqual(new Set([0]));
    expect(await worker.starts()).toBeLessThanOrEqual(8);
    expect(media.stats()).toMatchObject({ workers: 1, workersFailing: 1 });
    expect(media.stats().workerDeaths).toBeGreaterThanOrEqual(3);
    await expect(open()).rejects.toEqual(expect.any(DomainError));
    await worker.mend();
    await eventually(() => media.stats().workersAlive === 1, 40_000);
    await open();
    await eventually(() => media.stats().workersFailing === 0, 15_000);
    const errors = said.filter(({ level }) => level >= 50).map(({ msg }) => msg);
    expect(errors).toEqual([
      'media worker died; a new one replaces it',
      'media worker dies again and again; it is started less and less often',
      'no media worker is alive: this node takes no lines until one is',
    ]);
    expect(said.map(({ msg }) => msg)).toContain('media worker runs well again');
  } finally {
    await media.close();
  }
}, 90_000);

test('V2 health says that media workers die, and metrics count them', async () => {
  const node = await startNode({ MEDIA_WORKERS: '1', MEDIASOUP_WORKER_BIN: worker.bin });
  const health = async () => {
    const reply = await fetch(`${node.url}/videochat/health`);
    const body: unknown = await reply.json();
    return { code: reply.status, body };
  };
  try {
    expect(await health()).toMatchObject({ code: 200, body: { status: 'ok' } });
    await worker.break();
    process.kill(node.parts.media.workerPids()[0] ?? 0, 'SIGKILL');
    await eventually(() => node.parts.media.stats().workersFailing === 1);
    await eventually(() => node.parts.media.stats().workerDeaths >= 4);
    expect(await health()).toMatchObject({
      code: 503,
      body: { status: 'down', media: { workers: 1, workersAlive: 0, workersFailing: 1 } },
    });
    // No line is placed on this node meanwhile.
    expect(node.parts.membership.self.workers).toBe(0);
    await worker.mend();
    await eventually(() => node.parts.media.stats().workersAlive === 1, 40_000);
    // It has not run for a minute yet.
    expect(await health()).toMatchObject({ code: 200, body: { status: 'degraded' } });
    const metrics = await fetch(`${node.url}/metrics`, {
      headers: { Authorization: `Bearer ${node.operatorToken}` },
    });
    const text = await metrics.text();
    expect(text).toMatch(/passerby_media_worker_deaths [4-9]/);
    expect(text).toContain('passerby_media_workers_failing 1');
  } finally {
    await node.close();
  }
}, 90_000);
