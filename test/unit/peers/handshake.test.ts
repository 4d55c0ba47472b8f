import { Handshake, type TransferredPeer, type PeerDirectory } from '../../../src/app/peers/handshake';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import type { PeerSocket } from '../../../src/app/peers/peer';
import { ManualClock } from '../../support/manual-clock';
import { guest, peerWithoutSocket } from '../../support/people';

const NOBODY = { logIn: null, guest: null };
const TOKEN = 'a token.anna';

/** Anna's gateway node has died: her snapshot is given to every request for it. */
function scene() {
  const peers = new PeerRegistry(new ManualClock(), { dropped: 15_000, pageClosed: 4_000 });
  const restored: string[] = [];
  const waited: string[] = [];
  const back: string[] = [];
  peers.on({ back: ({ id }) => back.push(id) });
  const transferred: TransferredPeer = { identity: guest('anna'), restore: ({ id }) => restored.push(id) };
  const directory: PeerDirectory = {
    claimByToken: () => Promise.resolve(transferred),
    findElsewhere: () => Promise.resolve(null),
    claim: () => Promise.resolve(null),
  };
  const handshake = new Handshake({
    arrivals: { wait: async () => void waited.push('greeting') },
    directory,
    peers,
    identities: { identify: () => Promise.resolve(null) },
    latelyBlocked: { of: () => [] },
    admission: { admit: () => Promise.resolve(null) },
    plans: { allowanceOf: () => Promise.resolve(peerWithoutSocket('anna').peer.allowance) },
  });
  const closed: string[] = [];
  const socket = (): PeerSocket => ({ send: () => undefined, close: (name) => closed.push(name) });
  const complete = (isOpen = () => true) => handshake.complete(socket(), isOpen, NOBODY, TOKEN);
  const arrive = () => handshake.complete(socket(), () => true, NOBODY, undefined);
  return { peers, complete, arrive, waited, restored, back, closed };
}

test('S4 [S4.1] two sockets that show one token at the same moment are one peer, on the later socket', async () => {
  const { peers, complete, restored, closed } = scene();
  const [first, second] = await Promise.all([complete(), complete()]);
  expect(first?.peer).toBe(second?.peer);
  expect(peers.get('anna')).toBe(first?.peer);
  expect([...peers.all()]).toHaveLength(1);
  expect(restored).toEqual(['anna']);
  expect(closed).toEqual(['replaced']);
});

test('O5 [S4] a new peer waits for their turn, and whoever comes back does not', async () => {
  const { complete, arrive, waited } = scene();
  await complete();
  expect(waited).toEqual([]);
  await arrive();
  expect(waited).toEqual(['greeting']);
});

test('S4 a peer whose socket closes before the reply counts as away, and comes back with its known token', async () => {
  const { peers, complete, restored, back } = scene();
  expect(await complete(() => false)).toBeUndefined();
  expect(peers.get('anna')?.isHere).toBe(false);
  // The call and the line are notified of the gateway node all the same.
  expect(back).toEqual(['anna']);
  const greeted = await complete();
  expect(greeted).toMatchObject({ resumed: true });
  expect(greeted?.peer.resumeToken).toBe(TOKEN);
  expect(restored).toEqual(['anna']);
});
