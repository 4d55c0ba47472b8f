import { gatewayKey, GATEWAY_TTL_MS } from '../../../src/app/peers/gateway-lease';
import type { PeerSnapshot } from '../../../src/app/transfer/peer-snapshot';
import { hashOf, type PeerSnapshots } from '../../../src/app/transfer/peer-snapshots';
import { PeerTransfer, type PeerTransferDeps } from '../../../src/app/transfer/peer-transfer';
import { MemoryLeaseStore } from '../../../src/memory/lease-store';
import { guest, peerWithoutSocket } from '../../support/people';
import { ManualClock, settle } from '../../support/manual-clock';

const [SELF, OTHER] = ['node-here.1', 'node-there.1'];
const TOKEN = 'secret.ann';

/** A node that is the gateway of one idle peer, and the releases that other nodes ask it for. */
async function scene() {
  const clock = new ManualClock();
  const leases = new MemoryLeaseStore(clock);
  const { peer } = peerWithoutSocket('ann');
  peer.resumeToken = TOKEN;
  const snapshot: PeerSnapshot = {
    ...{ node: SELF, writtenAt: clock.now(), tokenHash: hashOf(TOKEN), identity: guest('ann'), isHere: true },
    ...{ activity: { kind: 'idle' }, skips: null, endedLastCall: false, encounters: [], addressHash: null },
    ...{ origin: null, media: { ...peer.media }, line: null },
  };
  const value = JSON.stringify(snapshot);
  await leases.take(gatewayKey(peer.id), SELF, { ttlMs: GATEWAY_TTL_MS, value });
  let isHere = true;
  let release: (request: object, from: string) => Promise<unknown> = () => Promise.resolve();
  const transfer = new PeerTransfer({
    leases,
    snapshots: { snapshotOf: () => snapshot, on: () => undefined } as unknown as PeerSnapshots,
    membership: { stateOf: () => 'alive', isReachable: () => true },
    messenger: { self: SELF, onRequest: (_: unknown, handler: typeof release) => (release = handler) },
    peers: { get: () => (isHere ? peer : undefined), release: () => (isHere = false) },
    lines: { lineOf: () => null, handOver: () => undefined },
    clock,
    reportError: (error: unknown) => {
      throw error;
    },
  } as unknown as PeerTransferDeps);
  const releaseTo = (node: string): Promise<unknown> =>
    release({ peerId: 'ann', tokenHash: hashOf(TOKEN) }, node);
  return { clock, leases, transfer, snapshot, releaseTo };
}

/** The claim as it is after so long. */
async function claimed(clock: ManualClock, claim: Promise<unknown>, ms: number): Promise<unknown> {
  for (let passed = 0; passed < ms; passed += 100) {
    await settle();
    await clock.advance(100);
  }
  return Promise.race([claim, Promise.resolve('not yet')]);
}

test('S4 V8 a peer who was released to a node that stands still is taken back when their client comes back here', async () => {
  const { clock, transfer, snapshot, releaseTo } = await scene();
  await releaseTo(OTHER);
  const claim = transfer.claimByToken(TOKEN);
  expect(await claimed(clock, claim, 200)).toBe('not yet');
  expect(await claimed(clock, claim, 400)).toEqual(snapshot);
  expect(await claimed(clock, transfer.claimByToken(TOKEN), 600)).toBeNull();
});

test('S4 [S4.1] a released peer is taken back with the token of that peer only', async () => {
  const { clock, transfer, releaseTo } = await scene();
  await releaseTo(OTHER);
  expect(await claimed(clock, transfer.claimByToken('another.ann'), 600)).toBeNull();
});

test('S4 [S4.2] a released peer is not taken back once the other node has the lease', async () => {
  const { clock, leases, transfer, releaseTo } = await scene();
  await releaseTo(OTHER);
  const claim = transfer.claimByToken(TOKEN);
  expect(await claimed(clock, claim, 200)).toBe('not yet');
  await leases.take(gatewayKey('ann'), OTHER, { ttlMs: GATEWAY_TTL_MS, from: SELF });
  await leases.renew(OTHER, [{ key: gatewayKey('ann'), value: '' }], GATEWAY_TTL_MS);
  expect(await claimed(clock, claim, 400)).toBeNull();
});
