import { gatewayKey, GATEWAY_TTL_MS } from '../../../src/app/peers/gateway-lease';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import type { PeerSocket } from '../../../src/app/peers/peer';
import type { PeerSnapshot } from '../../../src/app/transfer/peer-snapshot';
import { hashOf, type PeerSnapshots } from '../../../src/app/transfer/peer-snapshots';
import { peerTaken } from '../../../src/app/transfer/messages';
import { PeerTransfer, type PeerTransferDeps } from '../../../src/app/transfer/peer-transfer';
import { MemoryBusHub } from '../../../src/memory/bus';
import { MemoryLeaseStore } from '../../../src/memory/lease-store';
import { clusterNode } from '../../support/cluster';
import { guest, peerWithoutSocket } from '../../support/people';
import { ManualClock, settle } from '../../support/manual-clock';

const TOKEN = 'secret.ann';
const KEY = gatewayKey('ann');
const always = (): boolean => true;

interface Shared {
  readonly clock: ManualClock;
  readonly hub: MemoryBusHub;
  readonly store: MemoryLeaseStore;
}

/** One node of several: what it asks of the store can be held back, as on a node that stands still. */
async function gateway(address: string, { clock, hub, store }: Shared) {
  const { messenger } = await clusterNode(address, hub, clock);
  const peers = new PeerRegistry(clock, { dropped: 15_000, pageClosed: 5_000 });
  const closes: string[] = [];
  const { allowance } = peerWithoutSocket('ann').peer;
  const register = () => {
    const socket: PeerSocket = { send: () => undefined, close: (name) => void closes.push(name) };
    return peers.register(guest('ann'), allowance, socket, TOKEN);
  };
  const snapshot: PeerSnapshot = {
    ...{ node: address, writtenAt: clock.now(), tokenHash: hashOf(TOKEN), identity: guest('ann') },
    ...{ activity: { kind: 'idle' }, skips: null, endedLastCall: false, encounters: [], addressHash: null },
    ...{ isHere: true, origin: null, media: { microphone: true, camera: true }, line: null },
  };
  const held: (() => void)[] = [];
  const state = { isStill: false };
  const whenAwake = async (): Promise<void> => {
    if (state.isStill) await new Promise<void>((resolve) => held.push(resolve));
  };
  const transfer = new PeerTransfer({
    leases: {
      find: (key: string) => store.find(key),
      take: async (...request: Parameters<MemoryLeaseStore['take']>) => {
        await whenAwake();
        return store.take(...request);
      },
    },
    fencing: store,
    snapshots: { snapshotOf: () => snapshot, on: () => undefined } as unknown as PeerSnapshots,
    membership: { stateOf: () => 'alive', isReachable: () => true },
    lines: { lineOf: () => null, handOver: () => undefined },
    ...{ messenger, peers, clock },
    reportError: (error: unknown) => {
      throw error;
    },
  } as unknown as PeerTransferDeps);
  const wake = (): void => {
    state.isStill = false;
    for (const go of held.splice(0)) go();
  };
  return { address, messenger, peers, closes, register, snapshot, transfer, state, wake };
}

async function scene() {
  const clock = new ManualClock();
  const shared = { clock, hub: new MemoryBusHub(), store: new MemoryLeaseStore(clock) };
  const [here, there, third] = [
    await gateway('here.1', shared),
    await gateway('there.1', shared),
    await gateway('third.1', shared),
  ];
  await clock.advance(1_000);
  here.register();
  await shared.store.take(KEY, here.address, {
    ttlMs: GATEWAY_TTL_MS,
    value: JSON.stringify(here.snapshot),
  });
  return { ...shared, here, there, third };
}

/** What has become of a claim after so long. */
async function after<T>(clock: ManualClock, claim: Promise<T>, ms: number): Promise<T | 'not yet'> {
  for (let passed = 0; passed < ms; passed += 50) {
    await settle();
    await clock.advance(50);
  }
  await settle();
  return Promise.race([claim, Promise.resolve('not yet' as const)]);
}

test('S4 a peer whose client connects to another node moves there', async () => {
  const { clock, store, here, there } = await scene();
  expect(await after(clock, there.transfer.claimByToken(TOKEN, always), 200)).toEqual(here.snapshot);
  expect([here.peers.get('ann'), (await store.find(KEY))?.holder]).toEqual([undefined, there.address]);
  expect(here.closes).toEqual(['replaced']);
});

test('S4 V8 a peer who was released to a node that stands still is taken back when their client comes back', async () => {
  const { clock, here, there } = await scene();
  there.state.isStill = true;
  void there.transfer.claimByToken(TOKEN, always);
  await after(clock, Promise.resolve(), 100);
  const back = here.transfer.claimByToken(TOKEN, always);
  expect(await after(clock, back, 100)).toBe('not yet');
  expect(await after(clock, back, 500)).toEqual(here.snapshot);
  expect(await after(clock, here.transfer.claimByToken(TOKEN, always), 600)).toBeNull();
});

test('S4 V8 and goes on at a third node, if their client comes there', async () => {
  const { clock, store, here, there, third } = await scene();
  there.state.isStill = true;
  const late = there.transfer.claimByToken(TOKEN, always);
  await after(clock, Promise.resolve(), 100);
  expect(await after(clock, third.transfer.claimByToken(TOKEN, always), 300)).toEqual(here.snapshot);
  third.register();
  there.wake();
  // The lease is gone, so that node follows the peer to the third one.
  await after(clock, late, 1_000);
  expect([here.peers.get('ann'), third.peers.get('ann')]).toEqual([undefined, undefined]);
  expect((await store.find(KEY))?.holder).toBe(there.address);
});

test('S4 [S4.2] a release that was taken back is void: the late node does not get the lease', async () => {
  const { clock, store, here, there } = await scene();
  let isWanted = true;
  there.state.isStill = true;
  const late = there.transfer.claimByToken(TOKEN, () => isWanted);
  await after(clock, Promise.resolve(), 100);
  expect(await after(clock, here.transfer.claimByToken(TOKEN, always), 600)).toEqual(here.snapshot);
  here.register();
  here.closes.length = 0;
  // The client has gone back to the first node, so its socket at this one is closed.
  isWanted = false;
  there.wake();
  expect(await after(clock, late, 1_000)).toBeNull();
  expect([here.peers.get('ann')?.id, here.closes]).toEqual(['ann', []]);
  expect((await store.find(KEY))?.holder).toBe(here.address);
});

test('S4 [S4.2] whoever has come back to their node is not taken from it by a socket that has closed meanwhile', async () => {
  const { clock, here, there } = await scene();
  let isWanted = true;
  const claim = there.transfer.claimByToken(TOKEN, () => isWanted);
  await settle();
  isWanted = false;
  expect(await after(clock, claim, 1_000)).toBeNull();
  expect([here.peers.get('ann')?.id, here.closes]).toEqual(['ann', []]);
});

test('S4 [S4.2] a node whose peer another node has taken sends the client on to come again', async () => {
  const { clock, store, here, there } = await scene();
  there.messenger.notify(here.address, peerTaken, { peerId: 'ann' });
  await after(clock, Promise.resolve(), 100);
  expect([here.peers.get('ann')?.id, here.closes]).toEqual(['ann', []]);
  await store.take(KEY, there.address, { ttlMs: GATEWAY_TTL_MS, from: here.address });
  there.messenger.notify(here.address, peerTaken, { peerId: 'ann' });
  await after(clock, Promise.resolve(), 100);
  // Not the code of a second window, with which clients do not come again.
  expect([here.peers.get('ann'), here.closes]).toEqual([undefined, ['moving']]);
});

test('S4 [S4.2] a node that stood still does not ask again for a peer whose client has gone on', async () => {
  const { clock, hub, here, there } = await scene();
  const post = jest.spyOn(hub, 'post');
  let isWanted = true;
  const claim = there.transfer.claimByToken(TOKEN, () => isWanted);
  // The reply is lost, as for a node that reads it after its deadline.
  post.mockImplementation(() => undefined);
  await after(clock, claim, 100);
  isWanted = false;
  post.mockRestore();
  expect(await after(clock, claim, 3_000)).toBeNull();
  expect([here.peers.get('ann')?.id, here.closes]).toEqual(['ann', []]);
});

test('S4 a released peer is given to nobody who shows another token', async () => {
  const { clock, here, there, third } = await scene();
  there.state.isStill = true;
  void there.transfer.claimByToken(TOKEN, always);
  await after(clock, Promise.resolve(), 100);
  for (const { transfer } of [here, third])
    expect(await after(clock, transfer.claimByToken('another.ann', always), 600)).toBeNull();
});
