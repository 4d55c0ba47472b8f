import { GuestPace, type PacedPeer } from '../../../src/app/overload/guest-pace';
import { SharedThrottle } from '../../../src/app/overload/shared-throttle';
import type { Throttle } from '../../../src/app/ports/throttle';
import { DomainError } from '../../../src/domain/error';
import { guestLimits } from '../../../src/domain/guest-limits';
import { MemoryThrottle } from '../../../src/memory/throttle';
import { ManualClock } from '../../support/manual-clock';

const LIMITS = guestLimits(
  { address: 10, subnet: 300 },
  { skips: { burst: 6, perSecond: 0.2 }, messages: { burst: 15, perSecond: 4 } },
);

function scene() {
  const clock = new ManualClock();
  const throttle = new MemoryThrottle(clock);
  return { clock, throttle, pace: new GuestPace({ limits: LIMITS, throttle, local: throttle }) };
}

const guestFrom = (address: string, subnet = `around ${address}`): PacedPeer => ({
  identity: { userId: 'anybody', isAnonymous: true },
  addressHash: address,
  origin: { subnet },
});
const account = (userId: string): PacedPeer => ({
  ...guestFrom('flood'),
  identity: { userId, isAnonymous: false },
});

/** How often something works until it does not. */
async function timesUntil(refused: () => Promise<boolean>, most = 5_000): Promise<number> {
  for (let times = 0; times < most; times++) if (await refused()) return times;
  return most;
}

test('M8 S5 what one address has used up is missing for its other guests, and for nobody else', async () => {
  const { clock, pace } = scene();
  const flood = guestFrom('flood');
  expect(await timesUntil(async () => (await pace.search(flood)) > 0)).toBe(70);
  expect(await pace.search({ ...flood, identity: { userId: 'another', isAnonymous: true } })).toBe(2_000);
  expect(await pace.search(guestFrom('elsewhere'))).toBe(0);
  expect(await pace.search(account('anna'))).toBe(0);
  await clock.advance(10_000);
  expect(await timesUntil(async () => (await pace.search(flood)) > 0)).toBe(20);
  expect(pace.counts).toMatchObject({ search: 3, greeting: 0, report: 0 });
});

test('M8 S5 an account has its own limit, wherever it comes from', async () => {
  const { pace } = scene();
  expect(await timesUntil(async () => (await pace.search(account('anna'))) > 0)).toBe(14);
  expect(await pace.search({ ...account('anna'), addressHash: 'elsewhere' })).toBeGreaterThan(0);
  expect(await pace.search(account('ben'))).toBe(0);
  expect(await pace.search(guestFrom('flood'))).toBe(0);
});

test('M8 S5 whoever has a whole network has the limit of the network', async () => {
  const { pace } = scene();
  let address = 0;
  const next = (): PacedPeer => guestFrom(`address ${address++}`, 'network');
  expect(await timesUntil(async () => (await pace.search(next())) > 0)).toBe(300);
});

test('R1 S5 reports above the pace are refused with a time after which one is taken', async () => {
  const { clock, pace } = scene();
  const reports = (): Promise<unknown> => pace.report(guestFrom('flood')).catch((error: unknown) => error);
  for (let n = 0; n < 30; n++) expect(await reports()).toBeUndefined();
  expect(await reports()).toMatchObject({ code: 'rate_limited', retryAfterMs: 60_000 });
  await clock.advance(60_000);
  expect(await reports()).toBeUndefined();
  expect(await reports()).toBeInstanceOf(DomainError);
});

test('S5 a guest who is refused at the door comes again after five seconds at the earliest', async () => {
  const { pace } = scene();
  const flood = { address: 'flood', subnet: 'network' };
  expect(await timesUntil(async () => (await pace.greeting(flood)) > 0)).toBe(80);
  expect(await pace.greeting(flood)).toBe(5_000);
});

test('S8 S5 messages are paced at once, without asking anybody', () => {
  const { pace } = scene();
  for (let n = 0; n < 150; n++) pace.message(guestFrom('flood'));
  expect(() => pace.message(guestFrom('flood'))).toThrow(
    expect.objectContaining({ code: 'rate_limited', retryAfterMs: 25 }) as Error,
  );
  for (let n = 0; n < 1_000; n++) pace.message(account('anna'));
});

test('S5 what is kept of addresses is bounded, and dropped when it says nothing any more', async () => {
  const clock = new ManualClock();
  const throttle = new MemoryThrottle(clock, 1_000);
  const pace = new GuestPace({ limits: LIMITS, throttle, local: throttle });
  for (let n = 0; n < 3_000; n++) await pace.search(guestFrom(`address ${n}`, 'network'));
  expect(throttle.size).toBeLessThanOrEqual(1_000);
  await clock.advance(3_600_000);
  for (let n = 0; n < 1_000; n++) await pace.search(guestFrom('quiet'));
  expect(throttle.size).toBeLessThan(10);
});

/** Two nodes that count together, until `shared` is taken from them. */
function nodes(shared: Throttle, clock = new ManualClock()) {
  const node = (): SharedThrottle => new SharedThrottle({ local: new MemoryThrottle(clock), shared, clock });
  return { clock, one: node(), other: node() };
}
const bucket = { key: 'a', limit: { burst: 100, perSecond: 1 } };

test('S5 nodes count together, and each lets a tenth through by itself', async () => {
  const clock = new ManualClock();
  const asked: unknown[] = [];
  const memory = new MemoryThrottle(clock);
  const shared: Throttle = {
    take: (buckets) => {
      asked.push(buckets);
      return memory.take(buckets);
    },
  };
  const { one, other } = nodes(shared, clock);
  for (let n = 0; n < 10; n++) expect(await one.take([bucket])).toBe(0);
  expect(asked).toEqual([]);
  let taken = 10;
  for (const node of [one, other]) {
    taken += await timesUntil(async () => (await node.take([bucket])) > 0);
  }
  expect(taken).toBe(120);
});

test.each<[string, () => Promise<number>]>([
  ['is away', () => Promise.reject(new DomainError('node_unreachable', 'away'))],
  ['hangs', () => new Promise(() => undefined)],
])(
  'S5 O5 while what the nodes share %s, each counts by itself, and nobody waits long',
  async (_what, take) => {
    const { clock, one } = nodes({ take });
    let through = 0;
    for (let n = 0; n < 150; n++) {
      const waiting = one.take([bucket]);
      await clock.advance(n < 10 ? 0 : 400);
      if ((await waiting) === 0) through += 1;
    }
    expect(through).toBeGreaterThanOrEqual(110);
  },
);

test('S5 a defect of the shared throttle is not taken for its absence', async () => {
  const { one } = nodes({ take: () => Promise.reject(new Error('a defect')) });
  for (let n = 0; n < 10; n++) await one.take([bucket]);
  await expect(one.take([bucket])).rejects.toThrow('a defect');
});
