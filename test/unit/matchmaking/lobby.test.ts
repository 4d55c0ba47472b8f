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
import { guest, somebody } from '../../support/people';

const WISHES = wishesSchema.parse({ mode: 'text' });

class SlowStore extends MemoryTicketStore {
  /** Done while the store is asked for living tickets, before it answers. */
  meanwhile: () => void = () => undefined;
  readonly added: Ticket[] = [];

  override async add(ticket: Ticket): Promise<boolean> {
    this.added.push(ticket);
    return super.add(ticket);
  }

  override async touch(...asked: Parameters<MemoryTicketStore['touch']>): Promise<string[]> {
    const gone = await super.touch(...asked);
    this.meanwhile();
    return gone;
  }
}

function scene() {
  const clock = new ManualClock();
  const people = new PeerRegistry(clock, { dropped: 15_000, pageClosed: 4_000 });
  const calls = new Calls(clock);
  const store = new SlowStore();
  const faults: unknown[] = [];
  // The call of a peer who is released is left elsewhere.
  const router = { leave: async (peer: Peer) => void (peer.state = { kind: 'idle' }) } as never;
  const lobby = new Lobby({
    messenger: { self: 'a', notify: () => undefined } as never,
    regions: { regionFor: () => 'local' },
    requeue: new EventEmitter<RequeueEvents>(),
    peers: people,
    calls,
    store,
    clock,
    policy: { admitMinors: false, skips: { burst: 1, perSecond: 1 }, staleMs: 45_000, maxAgeMs: 3_600_000 },
    waitEstimator: new WaitEstimator([], new LiveStats(people, clock, () => [])),
    directors: { ensure: () => undefined },
    negotiation: { begin: async () => undefined },
    router,
    reportError: (error) => faults.push(error),
  });
  const enter = (id: string) => {
    const told: ServerMessage[] = [];
    const socket = { send: (message: ServerMessage) => told.push(message), close: () => undefined };
    return { person: people.register(guest(id), somebody(id).person.allowance, socket), told };
  };
  return { people, store, lobby, faults, enter };
}

test('M7 a match that is made while living tickets are looked after is no trouble for those who wait', async () => {
  const { store, lobby, faults, enter } = scene();
  const [anna, ben, cleo] = [enter('anna'), enter('ben'), enter('cleo')];
  for (const { person } of [anna, ben, cleo]) await lobby.seek(person, WISHES);
  store.meanwhile = () => lobby.matched(store.added.slice(0, 2));
  await lobby.sweep();
  expect(anna.person.state.kind).toBe('in_call');
  expect(faults).toEqual([]);
  expect(cleo.told.at(-1)).toMatchObject({ event: 'waiting_for_partner', data: { held: false } });
});

test('M7 whoever was given a seat elsewhere is not searched for here any more', async () => {
  const { people, store, lobby, enter } = scene();
  const { person } = enter('anna');
  person.state = { kind: 'in_call', wishes: WISHES, callId: 'call', since: 0 };
  people.release(person);
  await lobby.next(person, 'call');
  expect(store.added).toEqual([]);
});

test('M7 an earlier ticket that is put just when a later one takes its place holds nobody up', async () => {
  const { store, lobby, enter } = scene();
  const { person, told } = enter('anna');
  let late = 2;
  jest.spyOn(store, 'add').mockImplementation(async () => late-- <= 0);
  await lobby.seek(person, WISHES);
  expect(person.state.kind).toBe('searching');
  expect(told.map(({ event }) => event)).not.toContain('search_ended');
});
