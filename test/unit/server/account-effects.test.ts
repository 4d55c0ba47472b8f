import { buildAccounts, type AccountsDeps } from '../../../src/app/accounts';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import { tokenHash } from '../../../src/app/accounts/token';
import { DomainError } from '../../../src/domain/error';
import { furtherWindowId } from '../../../src/domain/users';
import { MemoryBusHub } from '../../../src/memory/bus';
import { MemoryGuestStore } from '../../../src/memory/guest-store';
import { wirePeers, type WirePeersDeps } from '../../../src/server/wire-peers';
import { clusterNode } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';
import { guest, peerWithoutSocket } from '../../support/people';

const fail = (error: unknown): void => {
  throw error;
};

/** A node with Ada's account, over records that can go away. */
async function nodeOf(name: string, hub: MemoryBusHub, clock: ManualClock, records: { isAway: boolean }) {
  const { messenger } = await clusterNode(name, hub, clock);
  const reached = <T>(value: T): Promise<T> =>
    records.isAway
      ? Promise.reject(new DomainError('records_unavailable', 'away', 1000))
      : Promise.resolve(value);
  const now = clock.now();
  const logIn = { id: 'log-in-1', userId: 'ada', lastUsedAt: now, generation: 0 };
  const user = { id: 'ada', isAnonymous: false, name: 'Ada', logInGeneration: 0, keptLogInId: null };
  const guests = new MemoryGuestStore();
  const accounts = buildAccounts({
    clock,
    guests,
    users: { get: () => reached({ ...user, birthDate: null, blocks: [], lastActiveAt: now }) },
    logIns: { byToken: (hash: string) => reached(hash === tokenHash('token') ? logIn : null) },
    reportError: fail,
  } as unknown as AccountsDeps);
  const peers = new PeerRegistry(clock, { dropped: 15_000, pageClosed: 4_000 });
  const keptForGood: string[] = [];
  const keepForGood = (userId: string): Promise<void> => Promise.resolve(void keptForGood.push(userId));
  const { presence } = wirePeers({
    adapters: { clock, guests, records: { subscriptions: { keepForGood } } },
    ...{ peers, accounts, messenger },
    reportError: fail,
  } as unknown as WirePeersDeps);
  presence.close();
  const open = (id: string, logInId: string | null = null): string[] => {
    const closed: string[] = [];
    const socket = { send: () => undefined, close: (why: string) => void closed.push(why) };
    peers.register({ ...guest(id), logInId }, peerWithoutSocket(id).peer.allowance, socket);
    return closed;
  };
  const identify = () => accounts.identities.identify({ logIn: 'token', guest: null });
  return { accounts, peers, keptForGood, open, identify };
}

async function scene() {
  const [clock, hub, records] = [new ManualClock(), new MemoryBusHub(), { isAway: false }];
  const node = (name: string) => nodeOf(name, hub, clock, records);
  return { clock, records, here: await node('a'), there: await node('b') };
}

test('A3 a guest who becomes an account is signed out in every window, on every node', async () => {
  const { clock, here, there } = await scene();
  const windows = [
    here.open('ann'),
    here.open(furtherWindowId('ann', 'two')),
    there.open(furtherWindowId('ann', 'three')),
  ];
  const another = here.open('bob');
  here.accounts.accountEvents.becameAccount('ann');
  await clock.advance(0);
  expect(windows).toEqual([['signedOut'], ['signedOut'], ['signedOut']]);
  expect(another).toEqual([]);
  expect(here.keptForGood).toEqual(['ann']);
});

test('A3 a log-out of all log-ins reaches every window, and one of others leaves the device itself alone', async () => {
  const { clock, here } = await scene();
  const [first, second] = [
    here.open('ada', 'log-in-1'),
    here.open(furtherWindowId('ada', 'two'), 'log-in-2'),
  ];
  here.accounts.accountEvents.loggedOut('ada', { allBut: 'log-in-1' });
  await clock.advance(0);
  expect([first, second]).toEqual([[], ['signedOut']]);
  here.accounts.accountEvents.loggedOut('ada', 'all');
  await clock.advance(0);
  expect(first).toEqual(['signedOut']);
});

test('A2 a log-in that ended on another node is not known here while the records are away', async () => {
  const ends = [['log-in-1'], 'all', { allBut: 'log-in-2' }] as const;
  for (const end of ends) {
    const { clock, records, here, there } = await scene();
    expect(await there.identify()).toMatchObject({ userId: 'ada' });
    records.isAway = true;
    expect(await there.identify()).toMatchObject({ userId: 'ada' });
    here.accounts.accountEvents.loggedOut('ada', end);
    await clock.advance(0);
    await expect(there.identify()).rejects.toMatchObject({ code: 'records_unavailable' });
  }
});

test('A2 a block made on another node counts here while the records are away', async () => {
  const { clock, records, here, there } = await scene();
  await there.identify();
  records.isAway = true;
  here.accounts.accountEvents.blocked('ada', 'cem');
  await clock.advance(0);
  expect(await there.identify()).toMatchObject({ blocked: ['cem'] });
  here.accounts.accountEvents.unblocked('ada', 'cem');
  await clock.advance(0);
  expect(await there.identify()).toMatchObject({ blocked: [] });
});
