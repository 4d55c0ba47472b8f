import { Calls } from '../../../src/app/calls/calls';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import { LiveStats } from '../../../src/app/peers/live-stats';
import { Lobby } from '../../../src/app/matchmaking/lobby';
import { WaitEstimator } from '../../../src/app/matchmaking/wait-estimator';
import { MemoryTicketStore } from '../../../src/memory/ticket-store';
import type { Ticket } from '../../../src/domain/pairing';
import { wishesSchema, type ServerMessage } from '../../../src/protocol';
import type { RequeueEvents } from '../../../src/app/calls/requeue';
import type { Peer } from '../../../src/app/peers/peer';
import { EventEmitter } from '../../../src/app/ports/event-emitter';
import { ManualClock } from '../../support/manual-clock';
import { guest, peerWithoutSocket } from '../../support/people';

const WISHES = wishesSchema.parse({ mode: 'text' });

class SlowStore extends MemoryTicketStore {
  /** Runs while the store touches tickets, before it answers. */
  meanwhile: () => void = () => undefined;
  readonly added: Ticket[] = [];

  override async add(ticket: Ticket): Promise<boolean> {
    this.added.push(ticket);
    return super.add(ticket);
  }

  override async touch(...touched: Parameters<MemoryTicketStore['touch']>): Promise<string[]> {
    const gone = await super.touch(...touched);
    this.meanwhile();
    return gone;
  }
}

function scene() {
  const clock = new ManualClock();
  const peers = new PeerRegistry(clock, { dropped: 15_000, pageClosed: 4_000 });
  const calls = new Calls(clock);
  const store = new SlowStore();
  const errors: unknown[] = [];
  // The call of a peer who is released is left elsewhere.
  const router = { leave: async (peer: Peer) => void (peer.state = { kind: 'idle' }) } as never;
  const lobby = new Lobby({
    messenger: { self: 'a', notify: () => undefined } as never,
    regions: { regionFor: () => 'local' },
    requeue: new EventEmitter<RequeueEvents>(),
    peers,
    calls,
    store,
    clock,
    policy: { admitMinors: false, skips: { burst: 1, perSecond: 1 }, staleMs: 45_000, maxAgeMs: 3_600_000 },
    waitEstimator: new WaitEstimator([], new LiveStats(peers, clock, () => []), peers),
    directors: { ensure: () => undefined },
    negotiation: { begin: async () => undefined },
    router,
    reportError: (error) => errors.push(error),
  });
  const enter = (id: string) => {
    const sent: ServerMessage[] = [];
    const socket = { send: (message: ServerMessage) => sent.push(message), close: () => undefined };
    return { peer: peers.register(guest(id), peerWithoutSocket(id).peer.allowance, socket), sent };
  };
  return { clock, peers, store, lobby, errors, enter };
}

test('M7 a match that is made while tickets are touched does not disturb waiting peers', async () => {
  const { store, lobby, errors, enter } = scene();
  const [anna, ben, cleo] = [enter('anna'), enter('ben'), enter('cleo')];
  for (const { peer } of [anna, ben, cleo]) await lobby.seek(peer, WISHES);
  store.meanwhile = () => lobby.matched(store.added.slice(0, 2));
  await lobby.sweep();
  expect(anna.peer.state.kind).toBe('in_call');
  expect(errors).toEqual([]);
  expect(cleo.sent.at(-1)).toMatchObject({ event: 'waiting_for_partner', data: { held: false } });
});

test('M7 a peer with another gateway node is no longer searched for here', async () => {
  const { peers, store, lobby, enter } = scene();
  const { peer } = enter('anna');
  peer.state = { kind: 'in_call', wishes: WISHES, callId: 'call', since: 0 };
  peers.release(peer);
  await lobby.next(peer, 'call');
  expect(store.added).toEqual([]);
});

test('M7 an earlier ticket that is put just when a later one replaces it delays no search', async () => {
  const { store, lobby, enter } = scene();
  const { peer, sent } = enter('anna');
  let late = 2;
  jest.spyOn(store, 'add').mockImplementation(async () => late-- <= 0);
  await lobby.seek(peer, WISHES);
  expect(peer.state.kind).toBe('searching');
  expect(sent.map(({ event }) => event)).not.toContain('search_ended');
});

const waitingOf = (sent: readonly ServerMessage[]): number | undefined =>
  sent.flatMap((message) => (message.event === 'waiting_for_partner' ? [message.data.waiting] : [])).at(-1);

test('M10 M2 who is kept apart by a block is not counted among those who wait, on either side', async () => {
  const { clock, lobby, enter } = scene();
  const [anna, ben, cleo] = [enter('anna'), enter('ben'), enter('cleo')];
  anna.peer.block('ben');
  for (const { peer } of [anna, ben]) await lobby.seek(peer, WISHES);
  // Peers are counted once a second.
  await clock.advance(1_000);
  await lobby.sweep();
  expect([waitingOf(anna.sent), waitingOf(ben.sent)]).toEqual([0, 0]);
  await lobby.seek(cleo.peer, WISHES);
  await clock.advance(1_000);
  await lobby.sweep();
  expect([anna, ben, cleo].map(({ sent }) => waitingOf(sent))).toEqual([1, 1, 2]);
});
