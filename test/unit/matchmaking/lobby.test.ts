import { Calls } from '../../../src/app/calls/calls';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import { LiveStats } from '../../../src/app/peers/live-stats';
import { Lobby } from '../../../src/app/matchmaking/lobby';
import type { NewSearches, SearchPace } from '../../../src/app/matchmaking/search-pauses';
import { WaitEstimator } from '../../../src/app/matchmaking/wait-estimator';
import { MemoryTicketStore } from '../../../src/memory/ticket-store';
import type { Ticket } from '../../../src/domain/pairing';
import { wishesSchema, type ServerMessage } from '../../../src/protocol';
import type { RequeueEvents } from '../../../src/app/calls/requeue';
import type { Peer } from '../../../src/app/peers/peer';
import { DomainError } from '../../../src/domain/error';
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

const NO_TURNS: NewSearches = { take: () => 0, takeSurely: () => 0 };
const NO_PACE: SearchPace = { search: () => Promise.resolve(0) };

function scene(newSearches: NewSearches = NO_TURNS, pace: SearchPace = NO_PACE) {
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
    newSearches,
    pace,
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

test('O5 on a node that is late a search begins after its turn, and can be given up before', async () => {
  const { clock, store, lobby, enter } = scene({ take: () => 3_000, takeSurely: () => 3_000 });
  const [anna, ben] = [enter('anna'), enter('ben')];
  for (const { peer } of [anna, ben]) await lobby.seek(peer, WISHES);
  expect(store.added).toEqual([]);
  expect(anna.sent.at(-1)).toMatchObject({ event: 'waiting_for_partner', data: { pauseMs: 3_000 } });
  await lobby.cancel(ben.peer);
  await clock.advance(3_000);
  expect(store.added.map(({ peerId }) => peerId)).toEqual(['anna']);
});

test('O5 a search that is refused leaves its peer idle, and the next person is never refused', async () => {
  const busy = (): never => {
    throw new DomainError('server_busy', 'busy', 9_000);
  };
  const { lobby, enter } = scene({ take: busy, takeSurely: () => 12_000 });
  const { peer } = enter('anna');
  await expect(lobby.seek(peer, WISHES)).rejects.toMatchObject({ code: 'server_busy', retryAfterMs: 9_000 });
  expect(peer.state.kind).toBe('idle');
  peer.state = { kind: 'in_call', callId: 'c', wishes: WISHES } as Peer['state'];
  expect(await lobby.next(peer, 'c')).toBe(12_000);
});

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
  peers.release(peer, 'replaced');
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

describe.each([-3_600_000, 3_600_000])('the clock of the machine is set by %i ms', (jump) => {
  test('M8 a pause after skipping is as long as it was said to be', async () => {
    const { clock, lobby, enter } = scene();
    const { peer, sent } = enter('anna');
    peer.skipBucket = { tokens: 0, at: clock.elapsed() };
    peer.endedLastCall = true;
    await lobby.seek(peer, WISHES);
    expect(sent.at(-1)).toMatchObject({ event: 'waiting_for_partner', data: { pauseMs: 1_000 } });
    await clock.advance(400);
    clock.jump(jump);
    await lobby.back(peer);
    expect(sent.at(-1)).toMatchObject({ data: { pauseMs: 600 } });
    await clock.advance(600);
    expect(peer.state.kind).toBe('searching');
    expect(sent.at(-1)).toMatchObject({ data: { pauseMs: 0 } });
  });

  test('M6 a peer who waits goes on waiting from where they were, and does not expire', async () => {
    const { clock, lobby, store, enter } = scene();
    const { peer, sent } = enter('anna');
    await lobby.seek(peer, WISHES);
    await clock.advance(10_000);
    await lobby.sweep();
    clock.jump(jump);
    await clock.advance(5_000);
    await lobby.sweep();
    expect(sent.at(-1)).toMatchObject({ event: 'waiting_for_partner', data: { waitedMs: 15_000 } });
    expect(await store.shards()).toHaveLength(1);
    expect(peer.state.kind).toBe('searching');
  });
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

/** An address that has `left` searches, and then one a second. */
function paceWith(left: number) {
  const asked: string[] = [];
  let answer = (): Promise<number> => Promise.resolve(left-- > 0 ? 0 : 1_000);
  const search: SearchPace['search'] = ({ id }) => {
    asked.push(id);
    return answer();
  };
  return {
    asked,
    search,
    refill: (more: number) => (left = more),
    hang: () => (answer = () => new Promise((resolve) => (answered = () => resolve(0)))),
    answer: () => answered(),
  };
}
let answered = (): void => undefined;

test('M8 the first search of a peer and each skip cost one of their address; a search after others left is free', async () => {
  const pace = paceWith(10);
  const { lobby, enter } = scene(NO_TURNS, pace);
  const { peer } = enter('anna');
  await lobby.seek(peer, WISHES);
  await lobby.cancel(peer);
  await lobby.seek(peer, WISHES);
  await lobby.cancel(peer);
  expect(pace.asked).toEqual(['anna']);
  peer.endedLastCall = true;
  await lobby.seek(peer, WISHES);
  expect(pace.asked).toEqual(['anna', 'anna']);
});

test('M8 a skip that waits for its address uses up none of its peer, and one that waits for its peer none of its address', async () => {
  const pace = paceWith(0);
  const { clock, lobby, enter } = scene(NO_TURNS, pace);
  const { peer, sent } = enter('anna');
  peer.endedLastCall = true;
  await lobby.seek(peer, WISHES);
  expect(sent.at(-1)).toMatchObject({ event: 'waiting_for_partner', data: { pauseMs: 1_000 } });
  pace.refill(1);
  await clock.advance(1_000);
  expect(peer.state.kind).toBe('searching');
  await lobby.cancel(peer);
  // The peer had one skip, and the address has none by now.
  peer.endedLastCall = true;
  expect(pace.asked).toHaveLength(2);
  await lobby.seek(peer, WISHES);
  expect(peer.state.kind).toBe('cooldown');
  expect(pace.asked).toHaveLength(2);
});

test('M8 a search that is given up while its address is asked about does not begin', async () => {
  const pace = paceWith(0);
  pace.hang();
  const { lobby, store, enter } = scene(NO_TURNS, pace);
  const { peer } = enter('anna');
  const sought = lobby.seek(peer, WISHES);
  await expect(lobby.seek(peer, WISHES)).rejects.toMatchObject({ code: 'not_idle' });
  await lobby.cancel(peer);
  pace.answer();
  await sought;
  expect(peer.state.kind).toBe('idle');
  expect(store.added).toEqual([]);
});

test('M8 a search that fails because its address could not be asked about leaves its peer idle', async () => {
  const { lobby, enter } = scene(NO_TURNS, { search: () => Promise.reject(new Error('a defect')) });
  const { peer } = enter('anna');
  await expect(lobby.seek(peer, WISHES)).rejects.toThrow('a defect');
  expect(peer.state.kind).toBe('idle');
});
