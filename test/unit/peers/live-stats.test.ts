import { LiveStats } from '../../../src/app/peers/live-stats';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import { furtherWindowId } from '../../../src/domain/users';
import { ManualClock } from '../../support/manual-clock';
import { guest, peerWithoutSocket } from '../../support/people';

test('S7 A1 several windows of one browser are one person among those who are here', () => {
  const clock = new ManualClock();
  const peers = new PeerRegistry(clock, { dropped: 15_000, pageClosed: 4_000 });
  const open = (id: string): unknown => {
    const socket = { send: () => undefined, close: () => undefined };
    return peers.register(guest(id), peerWithoutSocket(id).peer.allowance, socket);
  };
  for (const id of ['anna', furtherWindowId('anna', 'two'), furtherWindowId('anna', 'three'), 'ben'])
    open(id);
  expect(new LiveStats(peers, clock).now()).toMatchObject({ total: 4, online: 2 });
});

test('S7 one address counts for no more than it has room for, in what is shown and not in what operators see', () => {
  const clock = new ManualClock();
  const peers = new PeerRegistry(clock, { dropped: 15_000, pageClosed: 4_000 });
  for (let n = 0; n < 30; n++) {
    const socket = { send: () => undefined, close: () => undefined };
    const peer = peers.register(guest(`g${n}`), peerWithoutSocket(`g${n}`).peer.allowance, socket);
    peer.addressHash = n < 25 ? 'flood' : `address ${n}`;
    peer.origin = { subnet: 'network', device: 'd', isNewDevice: false };
  }
  const stats = (subnet: number) => new LiveStats(peers, clock, () => [], { address: 10, subnet });
  expect(stats(300).now()).toMatchObject({ total: 30, online: 15 });
  expect(stats(12).now()).toMatchObject({ total: 30, online: 12 });
  expect(stats(1).users()).toBe(30);
});
