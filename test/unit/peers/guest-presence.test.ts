import { CallRouter } from '../../../src/app/calls/router';
import { Calls } from '../../../src/app/calls/calls';
import { GuestPresence } from '../../../src/app/peers/guest-presence';
import { Guests } from '../../../src/app/accounts/guests';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import { Allowance } from '../../../src/app/plans/allowance';
import { DEFAULT_PLANS, noSubscription, planCatalogue } from '../../../src/domain/plans';
import { MemoryGuestStore } from '../../../src/memory/guest-store';
import { wishesSchema } from '../../../src/protocol';
import { ManualClock } from '../../support/manual-clock';
import { ticket } from '../../support/tickets';

const catalogue = planCatalogue(DEFAULT_PLANS);

async function scene() {
  const clock = new ManualClock();
  const peers = new PeerRegistry(clock, { dropped: 15_000, pageClosed: 4_000 });
  const calls = new Calls(clock);
  const guests = new MemoryGuestStore();
  const presence = new GuestPresence({
    peers,
    guests,
    partners: new CallRouter({
      calls,
      remoteCalls: { of: () => undefined } as never,
      commands: {} as never,
      pastCalls: {} as never,
      clock,
      reportError: () => undefined,
    }),
    clock,
    reportError: (error) => {
      throw error;
    },
  });
  const admission = new Guests(guests, { get: async () => null }, clock);
  const socket = { send: () => undefined, close: () => undefined };
  const arrive = async (session: string) => {
    const identity = await admission.admit(session, true);
    if (identity === null) throw new Error('a new session has an identity');
    const allowance = new Allowance(catalogue, noSubscription(identity.userId, catalogue.base.id, 0));
    return peers.register(identity, allowance, socket);
  };
  const see = (session: string) => guests.use(session, clock.now());
  return { clock, peers, calls, guests, presence, socket, arrive, see };
}

test('A1 the store has the state of a guest: present, in a call with its partner, and gone', async () => {
  const { clock, peers, calls, socket, arrive, see } = await scene();
  const [anna, ben] = [await arrive('a'), await arrive('b')];
  await clock.advance(2_000);
  expect(await see('a')).toMatchObject({
    isOnline: true,
    isSearching: false,
    inChat: false,
    connectedUser: null,
  });
  const wishes = wishesSchema.parse({
    mode: 'text',
    blurFirst: false,
    gender: 'female',
    languages: ['de'],
    country: 'AT',
  });
  const matched = (peer: typeof anna) => ({
    peer,
    wishes,
    ticket: ticket(peer.id, { mode: 'text' }),
  });
  calls.open([matched(anna), matched(ben)]);
  await clock.advance(2_000);
  expect(await see('a')).toMatchObject({
    inChat: true,
    connectedUser: ben.id,
    connectedAt: expect.any(Number),
    gender: 'female',
    language: 'de',
    location: 'AT',
  });
  peers.disconnect(anna, socket, 'good_bye');
  await clock.advance(2_000);
  expect(await see('a')).toMatchObject({ isOnline: false, inChat: false, connectedUser: null });
});

test('A1 a guest who stays is known for longer than two hours; a guest who left is not', async () => {
  const { clock, peers, guests, socket, arrive, see } = await scene();
  await arrive('stays');
  const left = await arrive('left');
  peers.disconnect(left, socket, 'good_bye');
  await clock.advance(3 * 3_600_000);
  expect(await see('stays')).not.toBeNull();
  expect(await see('left')).toBeNull();
  expect(await guests.count()).toBe(1);
});
