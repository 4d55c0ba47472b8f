import type { Credentials, Identity } from '../../../src/app/accounts/identity';
import { Handshake, type TransferredPeer, type PeerDirectory } from '../../../src/app/peers/handshake';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import type { PeerSocket } from '../../../src/app/peers/peer';
import { ManualClock } from '../../support/manual-clock';
import { guest, peerWithoutSocket } from '../../support/people';

const NOBODY = { logIn: null, guest: null };
const PLACE = { address: 'an address', subnet: 'a network' };
const TOKEN = 'a token.anna';

/** Anna's gateway node has died: her snapshot is given to every request for it. */
function scene({ waitMs = 0, identity = null as Identity | null } = {}) {
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
    pace: { greeting: () => Promise.resolve(waitMs), greetingRefused: () => waited.push('refused') },
    directory,
    peers,
    identities: { identify: () => Promise.resolve(identity) },
    latelyBlocked: { of: () => [] },
    admission: { admit: () => Promise.resolve(null) },
    plans: { allowanceOf: () => Promise.resolve(peerWithoutSocket('anna').peer.allowance) },
  });
  const closed: string[] = [];
  const socket = (): PeerSocket => ({ send: () => undefined, close: (name) => closed.push(name) });
  const complete = (isOpen = () => true) =>
    handshake.complete(socket(), isOpen, { credentials: NOBODY, place: PLACE, resumeToken: TOKEN });
  const arrive = (credentials: Credentials = NOBODY) =>
    handshake.complete(socket(), () => true, { credentials, place: PLACE });
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

const GONE: PeerSocket = { send: () => undefined, close: () => undefined };
const COOKIE = { logIn: null, guest: 'a session' };

test('S5 a guest whose address has sent too many is told when to come again, before they take a turn', async () => {
  const { arrive, waited } = scene({ waitMs: 7_000 });
  await expect(arrive()).rejects.toMatchObject({ code: 'server_busy', retryAfterMs: 7_000 });
  await expect(arrive(COOKIE)).rejects.toMatchObject({ code: 'server_busy' });
  expect(waited).toEqual(['refused', 'refused']);
});

test('S5 [S4] from an address that has sent too many, whoever resumes comes in, and so does an account', async () => {
  const resuming = scene({ waitMs: 7_000 });
  expect(await resuming.complete()).toMatchObject({ resumed: true });
  const account = scene({ waitMs: 7_000, identity: { ...guest('ben'), isAnonymous: false } });
  expect(await account.arrive({ logIn: 'a token', guest: null })).toMatchObject({ resumed: false });
  expect([...resuming.waited, ...account.waited]).toEqual(['greeting']);
});

test('S5 [S4] a guest whose place is held comes back with the cookie alone, and a second window has to wait', async () => {
  const { arrive, peers } = scene({ waitMs: 7_000, identity: guest('anna') });
  const first = peers.register(guest('anna'), peerWithoutSocket('anna').peer.allowance, GONE);
  await expect(arrive(COOKIE)).rejects.toMatchObject({ code: 'server_busy' });
  peers.disconnect(first, GONE, 'page_closed');
  expect(await arrive(COOKIE)).toMatchObject({ peer: first, resumed: true });
});
