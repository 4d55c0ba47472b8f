import { gatewayKey } from '../../../src/app/peers/gateway-lease';
import type { Renewal } from '../../../src/app/ports/lease-store';
import { PeerSnapshots, type PeerSnapshotsDeps } from '../../../src/app/transfer/peer-snapshots';
import { ManualClock, settle } from '../../support/manual-clock';
import { peerWithoutSocket } from '../../support/people';

/** A store that is away for as long as a test says so. */
class FlakyStore {
  isAway = false;
  readonly written: string[][] = [];

  renew = (_holder: string, renewals: readonly Renewal[]): Promise<string[]> => {
    if (this.isAway) return Promise.reject(new Error('away'));
    this.written.push(renewals.map(({ key }) => key));
    return Promise.resolve([]);
  };
}

function scene() {
  const clock = new ManualClock();
  const store = new FlakyStore();
  const reported: unknown[] = [];
  const { peer } = peerWithoutSocket('ann');
  let registered: (one: typeof peer) => void = () => undefined;
  const snapshots = new PeerSnapshots({
    leases: store,
    peers: {
      on: (listener: { registered?: typeof registered }) =>
        void (registered = listener.registered ?? registered),
      get: (id: string) => (id === peer.id ? peer : undefined),
      all: () => [peer],
    },
    calls: { get: () => undefined },
    remoteCalls: { of: () => undefined },
    lines: { on: () => undefined, lineOf: () => null },
    messenger: { self: 'a node', on: () => undefined },
    membership: { on: () => undefined },
    clock,
    reportError: (error: unknown) => void reported.push(error),
  } as unknown as PeerSnapshotsDeps);
  return { clock, store, snapshots, reported, register: () => registered(peer), key: gatewayKey(peer.id) };
}

test('S8 a peer whose snapshot could not be written is written as soon as the store is there again', async () => {
  const { clock, store, snapshots, reported, register, key } = scene();
  store.isAway = true;
  register();
  await settle();
  await clock.advance(1_000);
  expect(store.written).toEqual([]);
  expect(reported.length).toBeGreaterThan(1);
  store.isAway = false;
  await clock.advance(500);
  expect(store.written).toEqual([[key]]);
  await clock.advance(5_000);
  expect(store.written).toEqual([[key]]);
  snapshots.close();
});

test('S8 a store that is away is asked no more once the node has closed', async () => {
  const { clock, store, snapshots, reported, register } = scene();
  store.isAway = true;
  register();
  await settle();
  snapshots.close();
  await settle();
  const before = reported.length;
  await clock.advance(5_000);
  expect(reported).toHaveLength(before);
});
