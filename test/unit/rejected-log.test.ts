import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toLine } from '../../src/records/files/checked-line';
import { RejectedLog, rejectionsIn } from '../../src/records/outbox/rejected-log';
import { ManualClock } from '../support/manual-clock';
import { silent } from '../support/records';

const DAY_MS = 86_400_000;

describe('what the store can never accept', () => {
  const clock = new ManualClock();
  const said: string[] = [];
  const log = { ...silent, error: (_details: object, words: string) => void said.push(words) };
  let folder: string;
  let rejected: RejectedLog;
  const open = (mostBytes?: number) =>
    RejectedLog.open(folder, { clock, log, ...(mostBytes === undefined ? {} : { mostBytes }) });
  const file = () => path.join(folder, 'rejected.log');
  const entry = (id: string, username = id) => ({
    entry: { collection: 'users', filter: { _id: id }, update: { $set: { username } }, upsert: true },
  });
  const ids = async () =>
    (await rejectionsIn(folder, clock)).map((one) => ('entry' in one ? one.entry.filter['_id'] : one.line));

  beforeEach(async () => {
    said.length = 0;
    folder = await mkdtemp(path.join(tmpdir(), 'passerby-rejected-'));
    rejected = await open();
  });
  afterEach(async () => {
    await rejected.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('G2 is dropped after thirty days, checked once a day', async () => {
    await rejected.keep('why', entry('old'));
    await clock.advance(DAY_MS * 29.5);
    await rejected.keep('why', entry('young'));
    expect(await ids()).toEqual(['old', 'young']);
    await clock.advance(DAY_MS);
    while ((await ids()).length > 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await ids()).toEqual(['young']);
    expect(await readFile(file(), 'utf8')).not.toContain('"old"');
    await rejected.keep('why', entry('newest'));
    expect(await ids()).toEqual(['young', 'newest']);
  });

  test('G2 is dropped when the outbox is opened, entries without a date thirty days from then', async () => {
    await rejected.keep('why', entry('dated'));
    await rejected.close();
    await appendFile(file(), toLine({ reason: 'why', ...entry('of a former version') }));
    await clock.advance(DAY_MS * 10);
    rejected = await open();
    await rejected.close();
    await clock.advance(DAY_MS * 21);
    rejected = await open();
    expect(await ids()).toEqual(['of a former version']);
    await rejected.close();
    await clock.advance(DAY_MS * 10);
    rejected = await open();
    expect(await ids()).toEqual([]);
  });

  test('G2 takes no more room than allowed: the oldest are dropped, and that is logged', async () => {
    await rejected.close();
    rejected = await open(20_000);
    for (let at = 0; at < 100; at++) await rejected.keep('why', entry(`u${at}`, 'x'.repeat(900)));
    expect((await stat(file())).size).toBeLessThan(20_000);
    const left = await ids();
    expect(left.at(-1)).toBe('u99');
    expect(left.length).toBeGreaterThan(10);
    expect(said).toContain('there were too many rejected records; the oldest were let go');
  });

  test('T4 keeps a damaged line as it is, and cuts off one that was being written', async () => {
    await rejected.keep('why', entry('whole'));
    await rejected.close();
    await appendFile(file(), 'what is this\nhalf a li');
    rejected = await open();
    await rejected.keep('why', entry('behind it'));
    expect(await ids()).toEqual(['whole', 'what is this', 'behind it']);
    await writeFile(path.join(folder, 'rejected.log.new'), 'never finished');
    await rejected.close();
    rejected = await open();
    expect(await readdir(folder)).toEqual(['rejected.log']);
  });

  test('T4 keeps only the given ones', async () => {
    for (const id of ['a', 'b', 'c']) await rejected.keep('why', entry(id));
    await rejected.keepOnly((await rejected.all()).slice(1, 2));
    await rejected.keep('why', entry('d'));
    expect(await ids()).toEqual(['b', 'd']);
  });
});
