import { AccountEventBus, type AccountEvents } from '../../../src/app/accounts/account-events';
import { AccountEventRelay } from '../../../src/app/accounts/account-event-relay';
import type { NodeMessengerEvents } from '../../../src/app/cluster/node-messenger';
import { MemoryBusHub } from '../../../src/memory/bus';
import { clusterNode } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';

type Member = Awaited<ReturnType<typeof clusterNode>>;

/** Nodes, and the account events that each has received. */
async function scene() {
  const [clock, hub] = [new ManualClock(), new MemoryBusHub()];
  const node = async (name: string) => {
    const one: Member = await clusterNode(name, hub, clock);
    const felt: string[] = [];
    const accountEvents = new AccountEventBus();
    const feel: AccountEvents = {
      loggedOut: (userId, ids) => void felt.push(`loggedOut ${userId} ${String(ids)}`),
      erased: (userId) => void felt.push(`erased ${userId}`),
      renamed: (userId, name_) => void felt.push(`renamed ${userId} ${name_}`),
      becameAccount: (userId) => void felt.push(`becameAccount ${userId}`),
      blocked: (userId, otherId) => void felt.push(`blocked ${userId} ${otherId}`),
      unblocked: (userId, otherId) => void felt.push(`unblocked ${userId} ${otherId}`),
    };
    const restored: (() => void)[] = [];
    const messenger = Object.assign(Object.create(one.messenger) as Member['messenger'], {
      on: (listener: Partial<NodeMessengerEvents>) => void restored.push(() => listener.restored?.()),
    });
    new AccountEventRelay({ accountEvents, messenger, apply: feel, clock });
    return { ...one, felt, accountEvents, restore: () => restored.forEach((listener) => listener()) };
  };
  return { clock, a: await node('a'), b: await node('b') };
}

test('A3 an account event reaches every other node, once', async () => {
  const { clock, a, b } = await scene();
  a.accountEvents.loggedOut('ann', 'all');
  a.accountEvents.renamed('ann', 'Anna');
  await clock.advance(0);
  expect([a.felt, b.felt]).toEqual([[], ['loggedOut ann all', 'renamed ann Anna']]);
  a.restore();
  await clock.advance(0);
  expect(b.felt).toHaveLength(2);
});

test('A3 account events that could not be sent while the bus was away are sent when it is back, in order', async () => {
  const { clock, a, b } = await scene();
  a.bus.isCut = true;
  a.accountEvents.erased('ann');
  a.accountEvents.blocked('bob', 'cem');
  a.accountEvents.unblocked('bob', 'cem');
  await clock.advance(1_000);
  expect(b.felt).toEqual([]);
  a.bus.isCut = false;
  a.restore();
  await clock.advance(0);
  expect(b.felt).toEqual(['erased ann', 'blocked bob cem', 'unblocked bob cem']);
});

test('A3 events that are too old by then are not sent: a logged-out user may have logged in again', async () => {
  const { clock, a, b } = await scene();
  a.bus.isCut = true;
  a.accountEvents.loggedOut('ann', 'all');
  await clock.advance(6 * 60_000);
  a.bus.isCut = false;
  a.restore();
  await clock.advance(0);
  expect(b.felt).toEqual([]);
});
