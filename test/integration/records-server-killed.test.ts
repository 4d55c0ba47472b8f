import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describeWithMongoProcess, MongoProcess } from '../support/mongo-process';
import { startNode, type TestNode } from '../support/node';
import { entryOf, missingOf } from '../support/numbered-records';

const ROUNDS = 10;
const WRITES = 2_000;
const WRITERS = 10;
/** Long enough for the server to be killed while most of a round's writes are still to come. */
const PAUSE_MS = 40;

interface Health {
  readonly status: string;
  readonly records: {
    readonly store: string;
    readonly spooled: number;
    readonly lost: number;
    readonly rejected: number;
  };
}

describeWithMongoProcess('a database server that is killed', () => {
  let folder: string;
  let server: MongoProcess;
  let node: TestNode;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'passerby-killed-'));
    // The server may run under an account of its own.
    await chmod(folder, 0o755);
    server = await MongoProcess.start(path.join(folder, 'data'));
    node = await startNode({ MONGODB_URI: server.uri });
  }, 60_000);
  afterAll(async () => {
    await node?.close();
    await server?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const health = async (): Promise<Health> => {
    const response = await fetch(`${node.url}/videochat/health`);
    expect(response.status).toBe(200);
    return response.json();
  };
  const becomes = async (status: string): Promise<Health> => {
    for (const until = Date.now() + 20_000; ;) {
      const now = await health();
      if (now.status === status) return now;
      if (Date.now() > until) throw new Error(`${JSON.stringify(now)} is not ${status}`);
      await wait(20);
    }
  };

  /** Writes so many records one after the other in each of several hands; answers with those acknowledged. */
  async function write(from: number, count: number): Promise<number[]> {
    const kept: number[] = [];
    let next = from;
    const hand = async (): Promise<void> => {
      while (next < from + count) {
        const number = next++;
        await node.parts.records.outbox.write(entryOf(number));
        kept.push(number);
        await wait(Math.random() * PAUSE_MS);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, hand));
    return kept;
  }

  test('O5 [O5.1] SIGKILL of the server ten times during 2,000 writes: the node stays up, says so, and nothing acknowledged is lost', async () => {
    const kept: number[] = [];
    const { outbox, store } = node.parts.records;
    await becomes('ok');
    for (let round = 0; round < ROUNDS; round++) {
      const count = WRITES / ROUNDS;
      const writing = write(round * count, count);
      await wait(Math.random() * 300);
      await server.kill();
      kept.push(...(await writing));
      const away = await becomes('degraded');
      expect(away.records).toMatchObject({ store: 'down', lost: 0, rejected: 0 });
      expect(away.records.spooled).toBeGreaterThan(0);
      await server.start();
      await becomes('ok');
      expect(await outbox.drained(20_000)).toBe(true);
      expect(await missingOf(kept, store)).toEqual([]);
    }
    expect(kept).toHaveLength(WRITES);
    expect(outbox.state()).toEqual({ spooled: 0, buffered: 0, lost: 0, rejected: 0, oldestMs: 0 });
  }, 180_000);
});
