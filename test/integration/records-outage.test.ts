import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/memory/clock';
import { userModel } from '../../src/records/models';
import { MongoStore } from '../../src/records/mongo/mongo-store';
import { SpooledOutbox } from '../../src/records/outbox/spooled-outbox';
import { StoreUnavailable, type StoreHealth } from '../../src/records/store/record-store';
import { describeWithMongo, TestDatabase } from '../support/mongo';
import { entryOf, missingOf } from '../support/numbered-records';
import { silent, user } from '../support/records';
import { TcpProxy } from '../support/tcp-proxy';

const OUTAGES = 10;
const WRITES = 2_000;

describeWithMongo('a database that goes away and comes back', () => {
  const database = new TestDatabase();
  let folder: string;
  let proxy: TcpProxy;
  let store: MongoStore;
  let outbox: SpooledOutbox;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'passerby-outage-'));
    const uri = new URL(database.uri);
    proxy = await TcpProxy.to(uri.hostname, Number(uri.port));
    uri.port = String(proxy.port);
    uri.searchParams.set('directConnection', 'true');
    store = new MongoStore({ uri: uri.href, clock: systemClock, log: silent });
    await store.reached();
    outbox = await SpooledOutbox.open({ store, folder, clock: systemClock, log: silent });
  });
  afterAll(async () => {
    await outbox.close();
    await store.close();
    await proxy.close();
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  });

  const becomes = async (health: StoreHealth): Promise<void> => {
    const until = Date.now() + 10_000;
    while (store.health() !== health && Date.now() < until) await wait(10);
    expect(store.health()).toBe(health);
  };

  test('O5 while it is away no request waits for it, and its return is noticed within seconds', async () => {
    const users = store.collection(userModel);
    proxy.cut();
    await becomes('down');
    const from = performance.now();
    for (let at = 0; at < 100; at++) {
      await expect(users.get('anna')).rejects.toThrow(StoreUnavailable);
      await expect(users.insert(user('anna'))).rejects.toThrow(StoreUnavailable);
    }
    // Each that waited would have waited for seconds.
    expect(performance.now() - from).toBeLessThan(10_000);
    // Longer than the driver itself looks for a server, so that the next look is one of ours.
    await wait(3_000);
    proxy.restore();
    const back = performance.now();
    await becomes('up');
    expect(performance.now() - back).toBeLessThan(5_000);
    expect(await users.get('anna')).toBeNull();
  });

  test('O5 gone ten times during 2,000 writes: nothing acknowledged is lost, and health says it', async () => {
    const kept: number[] = [];
    let next = 0;
    const write = async (): Promise<void> => {
      while (next < WRITES) {
        const number = next++;
        await outbox.write(entryOf(number));
        kept.push(number);
        await wait(Math.random() * 100);
      }
    };
    const writing = Promise.all(Array.from({ length: 10 }, write));
    for (let outage = 0; outage < OUTAGES; outage++) {
      await wait(Math.random() * 300);
      proxy.cut();
      await becomes('down');
      await wait(Math.random() * 300);
      proxy.restore();
      await outbox.drained(10_000);
      await becomes('up');
    }
    await writing;
    expect(await outbox.drained(10_000)).toBe(true);
    expect(outbox.state()).toEqual({ spooled: 0, buffered: 0, lost: 0, rejected: 0, oldestMs: 0 });
    expect(kept).toHaveLength(WRITES);
    expect(await missingOf(kept, store)).toEqual([]);
  });
});
