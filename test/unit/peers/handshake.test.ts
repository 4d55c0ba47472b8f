import { Handshake, type TransferredPeer, type PeerDirectory } from '../../../src/app/peers/handshake';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import type { PeerSocket } from '../../../src/app/peers/peer';
import { ManualClock } from '../../support/manual-clock';
import { guest, somebody } from '../../support/people';

const NOBODY = { logIn: null, guest: null };
const TOKEN = 'a token.anna';

/** Anna's seat was on a node that died: her note is given to whoever asks for it. */
function scene() {
  const people = new PeerRegistry(new ManualClock(), { dropped: 15_000, pageClosed: 4_000 });
  const restored: string[] = [];
  const back: string[] = [];
  people.on({ back: ({ id }) => back.push(id) });
  const note: TransferredPeer = { identity: guest('anna'), restore: ({ id }) => restored.push(id) };
  const seats: PeerDirectory = {
    claimByToken: () => Promise.resolve(note),
    findElsewhere: () => Promise.resolve(null),
    claim: () => Promise.resolve(null),
  };
  const greeting = new Handshake({
    directory: seats,
    peers: people,
    identities: { identify: () => Promise.resolve(null) },
    admission: { admit: () => Promise.resolve(null) },
    plans: { allowanceOf: () => Promise.resolve(somebody('anna').person.allowance) },
  });
  const closed: string[] = [];
  const socket = (): PeerSocket => ({ send: () => undefined, close: (name) => closed.push(name) });
  const greet = (isOpen = () => true) => greeting.complete(socket(), isOpen, NOBODY, TOKEN);
  return { people, greet, restored, back, closed };
}

test('S4 [S4.1] two sockets that show one token at the same moment are one person, on the later socket', async () => {
  const { people, greet, restored, closed } = scene();
  const [first, second] = await Promise.all([greet(), greet()]);
  expect(first?.peer).toBe(second?.peer);
  expect(people.get('anna')).toBe(first?.peer);
  expect([...people.all()]).toHaveLength(1);
  expect(restored).toEqual(['anna']);
  expect(closed).toEqual(['replaced']);
});

test('S4 whose socket closes before the answer is looked after as away, and comes back with the token they know', async () => {
  const { people, greet, restored, back } = scene();
  expect(await greet(() => false)).toBeUndefined();
  expect(people.get('anna')?.isHere).toBe(false);
  // Their call and their line hear where their seat is all the same.
  expect(back).toEqual(['anna']);
  const greeted = await greet();
  expect(greeted).toMatchObject({ resumed: true });
  expect(greeted?.peer.resumeToken).toBe(TOKEN);
  expect(restored).toEqual(['anna']);
});
