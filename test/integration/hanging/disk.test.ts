import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { ApiBrowser, person } from '../../support/api-browser';
import { ProtocolClient, codeOf } from '../../support/client';
import { eventually } from '../../support/eventually';
import { LogLines, healthOf, metric, shows, soon } from '../../support/hanging';
import { startNode, type TestNode } from '../../support/node';

/** Writes that do not end, as on a network file system whose server is away. */
class HangingDisk {
  private isHanging = false;
  private readonly waiting: (() => void)[] = [];
  private restore = (): void => undefined;

  async install(folder: string): Promise<void> {
    const handle = await open(path.join(folder, 'any'), 'w');
    const files = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const wait = (): Promise<void> =>
      this.isHanging ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
    const { datasync } = files;
    const spy = jest.spyOn(files, 'datasync').mockImplementation(async function (this: FileHandle) {
      await wait();
      return datasync.call(this);
    });
    this.restore = () => spy.mockRestore();
  }

  hang(isHanging: boolean): void {
    this.isHanging = isHanging;
    if (!isHanging) for (const resolve of this.waiting.splice(0)) resolve();
  }

  close(): void {
    this.hang(false);
    this.restore();
  }
}

const disk = new HangingDisk();
const logged = new LogLines();
let node: TestNode;
const clients: ProtocolClient[] = [];

beforeAll(async () => {
  node = await startNode({ MEDIA_WORKERS: '1' }, undefined, logged.log);
  await disk.install(node.dataDir);
}, 30_000);
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  disk.hang(false);
  await shows(node, 'disk', false, 20_000);
}, 30_000);
afterAll(async () => {
  disk.close();
  await node.close();
});

async function visit(cookie?: string): Promise<ProtocolClient> {
  const client = await ProtocolClient.connect(node.wsUrl, undefined, cookie === undefined ? {} : { cookie });
  clients.push(client);
  return client;
}

test('O5 while the disk hangs people come in, meet, leave and block at once; a report is rejected with a code in bounded time', async () => {
  const first = await visit();
  const { cookie, id } = first;
  first.close();
  await first.untilClosed();
  disk.hang(true);
  await shows(node, 'disk', true);
  const [anna, ben] = [await soon(visit(cookie)), await soon(visit())];
  expect(anna.id).toBe(id);
  await soon(anna.search());
  await soon(ben.search());
  const { callId } = await soon(anna.next('partner_found'));
  const report = codeOf(anna.request('report_user', { callId, type: 'spam' }));
  await soon(anna.request('block_user', { callId }));
  expect(await soon(ben.next('partner_disconnected'))).toMatchObject({ reason: 'blocked' });
  await soon(anna.search());
  await soon(anna.request('cancel_search', {}));
  expect(await report).toBe('records_unavailable');
  disk.hang(false);
  await shows(node, 'store', false, 20_000);
  // What waited in memory is written in its order, the report too.
  await eventually(() => node.parts.records.outbox.drained(1_000));
  expect(node.parts.records.outbox.state()).toMatchObject({ lost: 0, rejected: 0, buffered: 0 });
  const browser = new ApiBrowser(node.url);
  browser.take([anna.cookie ?? '']);
  expect((await browser.ask('blocks')).blocks.map(({ userId }) => userId)).toEqual([ben.id]);
}, 60_000);

test('O1 health, a metric and one line say that the disk hangs, and that it is over', async () => {
  const before = { down: logged.count(/takes no writes, or hangs/), up: logged.count(/takes writes again/) };
  expect(await metric(node, 'passerby_disk_up')).toBe(1);
  disk.hang(true);
  const health = await shows(node, 'disk', true);
  expect(health).toMatchObject({ status: 'degraded', records: { disk: 'down', store: 'down' } });
  expect(await metric(node, 'passerby_disk_up')).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  disk.hang(false);
  await shows(node, 'disk', false);
  expect(logged.count(/takes no writes, or hangs/)).toBe(before.down + 1);
  expect(logged.count(/takes writes again/)).toBe(before.up + 1);
}, 30_000);

test('O5 A2 what has to be on the disk before it is answered is rejected with a code, and not kept waiting for ever', async () => {
  disk.hang(true);
  const browser = new ApiBrowser(node.url);
  expect(await browser.codeOf('register', { body: person('disk@example.org') })).toBe('records_unavailable');
  expect((await healthOf(node)).degradedBy).toContain('disk');
}, 30_000);
