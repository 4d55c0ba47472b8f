import { AccountEventBus, type AccountEvents } from '../../../src/app/accounts/account-events';
import { AccountEventRelay } from '../../../src/app/accounts/account-event-relay';
import { MemoryBusHub } from '../../../src/memory/bus';
import { member } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';

type Member = Awaited<ReturnType<typeof member>>;

/** Nodes that say what they have felt, and the listeners to what happens to accounts at each. */
async function scene() {
  const [clock, hub] = [new ManualClock(), new MemoryBusHub()];
  const node = async (name: string) => {
    const one: Member = await member(name, hub, clock);
    const felt: string[] = [];
    const accountEvents = new AccountEventBus();
    const feel: AccountEvents = {
      loggedOut: (userId, ids) => void felt.push(`loggedOut ${userId} ${String(ids)}`),
      erased: (userId) => void felt.push(`erased ${userId}`),
      renamed: (userId, name_) => void felt.push(`renamed ${userId} ${name_}`),
      becameAccount: (userId) => void felt.push(`becameAccount ${userId}`),
      unblocked: (userId, otherId) => void felt.push(`unblocked ${userId} ${otherId}`),
    };
    const restored: (() => void)[] = [];
    const messenger = Object.assign(Object.create(one.messenger) as Member['messenger'], {
      onRestored: (listener: () => void) => void restored.push(listener),
    });
    new AccountEventRelay({ accountEvents, messenger, apply: feel, clock });
    return { ...one, felt, accountEvents, restore: () => restored.forEach((listener) => listener()) };
  };
  return { clock, a: await node('a'), b: await node('b') };
}

test('A3 what happens to an account is felt on every other node, once', async () => {
  const { clock, a, b } = await scene();
  a.accountEvents.loggedOut('ann', 'all');
  a.accountEvents.renamed('ann', 'Anna');
  await clock.advance(0);
  expect([a.felt, b.felt]).toEqual([[], ['loggedOut ann all', 'renamed ann Anna']]);
  a.restore();
  await clock.advance(0);
  expect(b.felt).toHaveLength(2);
});

test('A3 what could not be told while the bus was away is told when it is back, in its order', async () => {
  const { clock, a, b } = await scene();
  a.bus.isCut = true;
  a.accountEvents.erased('ann');
  a.accountEvents.unblocked('bob', 'cem');
  await clock.advance(1_000);
  expect(b.felt).toEqual([]);
  a.bus.isCut = false;
  a.restore();
  await clock.advance(0);
  expect(b.felt).toEqual(['erased ann', 'unblocked bob cem']);
});

test('A3 what is too old by then is not: whoever was logged out has long logged in again', async () => {
  const { clock, a, b } = await scene();
  a.bus.isCut = true;
  a.accountEvents.loggedOut('ann', 'all');
  await clock.advance(6 * 60_000);
  a.bus.isCut = false;
  a.restore();
  await clock.advance(0);
  expect(b.felt).toEqual([]);
});
