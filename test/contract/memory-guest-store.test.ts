import { GUEST_LIFE_MS, type Guest } from '../../src/app/accounts/ports/guest-store';
import { MemoryGuestStore } from '../../src/memory/guest-store';
import { guestAt } from '../support/guests';
import { describeGuestStore } from './guest-store';

describeGuestStore('MemoryGuestStore', () => Promise.resolve(new MemoryGuestStore(100)));

const guest = (n: number): Guest => guestAt(n, `s${n}`);

test('A1 when there are too many guests, the one not seen for longest is dropped', async () => {
  const store = new MemoryGuestStore(3);
  for (const n of [1, 2, 3]) await store.add(guest(n));
  await store.use('s1', 4);
  await store.add(guest(5));
  expect(await store.use('s2', 6)).toBeNull();
  expect(await store.use('s1', 6)).not.toBeNull();
  expect(await store.count()).toBe(3);
});

test('A1 a clock that is set back does not shorten a guest’s lifetime', async () => {
  const store = new MemoryGuestStore();
  await store.add({ ...guest(1), lastSeen: 1_000_000 });
  expect((await store.use('s1', 500))?.lastSeen).toBe(1_000_000);
  expect(await store.use('s1', 1_000_000 + GUEST_LIFE_MS - 1)).not.toBeNull();
});
