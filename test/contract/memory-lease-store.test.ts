import type { LeaseStore } from '../../src/app/ports/lease-store';
import { MemoryLeaseStore } from '../../src/memory/lease-store';
import { ManualClock } from '../support/manual-clock';
import { describeLeaseStore } from './lease-store';

let clock = new ManualClock();

describeLeaseStore('MemoryLeaseStore', {
  open: () => {
    clock = new ManualClock();
    const store: LeaseStore = new MemoryLeaseStore(clock);
    return Promise.resolve([store, store]);
  },
  pass: (ms) => clock.advance(ms),
});

test('M9 a lease runs out in the very moment its time is over', async () => {
  const time = new ManualClock();
  const store = new MemoryLeaseStore(time);
  await store.take('k', 'a', { ttlMs: 100 });
  await time.advance(99);
  expect(await store.find('k')).not.toBeNull();
  await time.advance(1);
  expect(await store.find('k')).toBeNull();
});

test('M9 a store that is closed leaves no timer', async () => {
  const time = new ManualClock();
  const store = new MemoryLeaseStore(time);
  await store.take('k', 'a', { ttlMs: 100 });
  await time.advance(120_000);
  await store.close();
  expect(time.pending).toBe(0);
});
