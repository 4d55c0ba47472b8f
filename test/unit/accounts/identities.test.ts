import { AccountEventBus } from '../../../src/app/accounts/account-events';
import { Identities } from '../../../src/app/accounts/identities';
import { tokenHash } from '../../../src/app/accounts/token';
import type { LogIn } from '../../../src/app/accounts/ports/log-ins';
import type { User } from '../../../src/app/accounts/ports/users';
import { DEFAULT_PROFILE } from '../../../src/domain/users';
import { DomainError } from '../../../src/domain/error';
import { MemoryGuestStore } from '../../../src/memory/guest-store';
import { ManualClock, settle } from '../../support/manual-clock';

const away = (): DomainError => new DomainError('records_unavailable', 'away', 1000);

/** One account, logged in with the token `token`, over records that can go away or answer on request. */
function scene() {
  const clock = new ManualClock();
  const accountEvents = new AccountEventBus();
  const logIn: LogIn = {
    id: 'log-in-1',
    userId: 'user_1',
    userAgent: '',
    createdAt: clock.now(),
    lastUsedAt: clock.now(),
    expiresAt: clock.now() + 1e12,
    generation: 0,
  };
  const user: User = {
    id: 'user_1',
    isAnonymous: false,
    name: 'Ada',
    email: 'ada@example.org',
    passwordHash: 'hash',
    logInGeneration: 0,
    keptLogInId: null,
    birthDate: '1981-05-17',
    profile: DEFAULT_PROFILE,
    statistics: { calls: 0, talkedMs: 0, longestMs: 0, messagesSent: 0, skipped: 0 },
    blocks: [{ userId: 'guest_2', name: 'X', at: 0 }],
    lastActiveAt: clock.now(),
    createdAt: clock.now(),
  };
  const records = { isAway: false, revoked: false, hold: undefined as Promise<void> | undefined, touched: 0 };
  const reached = async <T>(answer: () => T): Promise<T> => {
    if (records.isAway) throw away();
    const value = answer();
    await records.hold;
    return value;
  };
  const identities = new Identities({
    clock,
    accountEvents,
    guests: new MemoryGuestStore(),
    users: {
      get: (id) => reached(() => (id === user.id ? user : null)),
      touch: () => reached(() => undefined),
    },
    logIns: {
      byToken: (hash) => reached(() => (hash === tokenHash('token') && !records.revoked ? logIn : null)),
      touch: () => reached(() => void (records.touched += 1)),
    },
    reportError: (error) => {
      throw error;
    },
  });
  const identify = () => identities.identify({ logIn: 'token', guest: null });
  const revoke = (): void => {
    records.revoked = true;
    accountEvents.loggedOut('user_1', ['log-in-1']);
  };
  return { clock, accountEvents, records, identify, revoke, identities };
}

test('A2 an account is known by its log-in, with its age band and blocks', async () => {
  const { identify } = scene();
  expect(await identify()).toEqual({
    userId: 'user_1',
    name: 'Ada',
    isAnonymous: false,
    ageBand: '18-24',
    blocked: ['guest_2'],
    logInId: 'log-in-1',
    guestSession: null,
  });
});

test('A2 a recent user is known while the records are away, for some hours', async () => {
  const { identify, records, clock, identities } = scene();
  await identify();
  records.isAway = true;
  expect(await identify()).toMatchObject({ userId: 'user_1' });
  await expect(identities.identify({ logIn: 'other', guest: null })).rejects.toMatchObject({
    code: 'records_unavailable',
  });
  await clock.advance(7 * 3_600_000);
  await expect(identify()).rejects.toMatchObject({ code: 'records_unavailable' });
});

test('A2 a logged-out or erased user is never known again, with the records there or away', async () => {
  for (const end of ['loggedOut', 'erased', 'all'] as const) {
    const { identify, records, accountEvents, revoke } = scene();
    await identify();
    if (end === 'loggedOut') revoke();
    else if (end === 'erased') accountEvents.erased('user_1');
    else accountEvents.loggedOut('user_1', 'all');
    records.isAway = true;
    await expect(identify()).rejects.toMatchObject({ code: 'records_unavailable' });
  }
});

test('A2 a read that was under way during a log-out is repeated', async () => {
  const { identify, records, revoke } = scene();
  let go = (): void => undefined;
  records.hold = new Promise((resolve) => (go = resolve));
  const identified = identify();
  await settle();
  revoke();
  records.hold = undefined;
  go();
  expect(await identified).toBeNull();
  records.isAway = true;
  await expect(identify()).rejects.toMatchObject({ code: 'records_unavailable' });
});

test('A2 the use of a log-in is written every few minutes at most', async () => {
  const { identify, records, clock } = scene();
  for (let n = 0; n < 10; n++) await identify();
  expect(records.touched).toBe(0);
  await clock.advance(5 * 60_000);
  await identify();
  expect(records.touched).toBe(1);
});
