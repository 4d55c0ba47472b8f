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
