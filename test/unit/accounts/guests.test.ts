import { Guests } from '../../../src/app/accounts/guests';
import type { User } from '../../../src/app/accounts/ports/users';
import { DomainError } from '../../../src/domain/error';
import { MemoryGuestStore } from '../../../src/memory/guest-store';
import { ManualClock } from '../../support/manual-clock';

function scene(get: (id: string) => Promise<User | null> = async () => null) {
  const clock = new ManualClock();
  const store = new MemoryGuestStore();
  return { clock, store, guests: new Guests(store, { get }, clock) };
}

test('A1 one session is always the same guest, also after the two hours and after a restart', async () => {
  const { guests, store, clock } = scene();
  const first = await guests.admit('a session', true);
  expect(first?.name).toMatch(/^[A-Z][a-z]+[A-Z][a-z]+\d{4}$/);
  await clock.advance(3 * 3_600_000);
  expect(await store.use('a session', clock.now())).toBeNull();
  expect(await guests.admit('a session', false)).toEqual(first);
  expect(await scene().guests.admit('a session', false)).toEqual(first);
  expect((await guests.admit('another', true))?.userId).not.toBe(first?.userId);
});

test('A1 the id does not reveal the session', async () => {
  const { guests } = scene();
  const identity = await guests.admit('c2Vzc2lvbg', true);
  expect(identity?.userId).toMatch(/^guest_[\w-]{22}$/);
  expect(identity?.userId).not.toContain('c2Vzc2lvbg');
});

test('A2 the session of a guest who has become an account is invalid', async () => {
  const account = { isAnonymous: false } as User;
  const { guests } = scene(async () => account);
  expect(await guests.admit('a session', false)).toBeNull();
});

test('A2 while the records are away a session that cannot be checked is invalid; a new one is valid', async () => {
  const { guests } = scene(async () => {
    throw new DomainError('records_unavailable', 'away');
  });
  expect(await guests.admit('a session', false)).toBeNull();
  expect(await guests.admit('a session', true)).not.toBeNull();
});

test('A1 a guest is identified while the guest store is away', async () => {
  const { guests, store } = scene();
  const known = await guests.admit('a session', true);
  store.add = async () => {
    throw new DomainError('node_unreachable', 'away');
  };
  expect(await guests.admit('a session', false)).toEqual(known);
});
