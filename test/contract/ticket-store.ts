import fc from 'fast-check';
import type { TicketEvent, TicketStore } from '../../src/app/matchmaking/ticket-store';
import { shardName, shardOf } from '../../src/domain/pairing';
import { ELAPSED_AT_START } from '../support/manual-clock';
import { ticket } from '../support/tickets';

const SHARD = shardName(shardOf(ticket('anyone')));
const T0 = ELAPSED_AT_START;

/** What a contract test needs from an implementation. */
export interface TicketStoreKind {
  /** A new, empty store. */
  readonly open: () => Promise<TicketStore>;
  /** Resolves once followers have been notified of everything that happened so far. */
  readonly notified: () => Promise<void>;
}

/** Records the events of a follower, as `+id` and `-id`. */
async function followed(store: TicketStore, shard = SHARD) {
  const heard: string[] = [];
  const unfollow = await store.follow(shard, (event: TicketEvent) => {
    heard.push(`${event.kind === 'added' ? '+' : '-'}${event.ticket.peerId}`);
  });
  return { heard, unfollow };
}

/** Every guarantee of the port for a ticket store, for each implementation. */
export function ticketStoreContract({ open, notified }: TicketStoreKind): void {
  let store: TicketStore;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(async () => store.close());

  describe('add', () => {
    test('M6 adds a waiting ticket', async () => {
      expect(await store.add(ticket('a'))).toBe(true);
      expect(await store.count(SHARD)).toBe(1);
    });

    test('M6 [M6.1] rejects a second ticket of a peer, in any shard, and changes nothing', async () => {
      await store.add(ticket('a'));
      const second = ticket('a', { id: 'second', mode: 'text' });
      expect(await store.add(second)).toBe(false);
      expect(await store.shards()).toEqual([SHARD]);
      expect(await store.remove(second)).toBe(false);
      expect(await store.remove(ticket('a'))).toBe(true);
    });

    test('M6 knows which ticket a peer has', async () => {
      expect(await store.ticketOf('a')).toBeNull();
      await store.add(ticket('a'));
      expect(await store.ticketOf('a')).toBe(ticket('a').id);
      expect(await store.ticketOf('b')).toBeNull();
    });

    test('M6 [M6.1] of many concurrent adds for one peer exactly one wins', async () => {
      const adds = Array.from({ length: 20 }, (_, index) => store.add(ticket('a', { id: `t${index}` })));
      expect((await Promise.all(adds)).filter(Boolean)).toHaveLength(1);
      expect(await store.count(SHARD)).toBe(1);
    });

    test('M6 keeps the whole ticket', async () => {
      const whole = ticket('a', {
        priority: 0.5,
        interests: ['sea', 'naïve — 音楽'],
        languages: ['en'],
        gender: 'other',
        wantedGenders: ['male'],
        ageBand: '25-34',
        wantedAgeBands: ['18-24', '25-34'],
        country: 'DE',
        avoidCountries: ['FR'],
        groupSize: 3,
        blocked: ['x'],
        recent: [{ peerId: 'y', at: T0 - 5 }],
        node: 'node-1.a7',
      });
      await store.add(whole);
      const seen: TicketEvent[] = [];
      await store.follow(SHARD, (event) => void seen.push(event));
      expect(seen).toEqual([{ kind: 'added', ticket: whole }]);
    });
  });

  describe('remove', () => {
    test('M6 takes a waiting ticket back, once', async () => {
      await store.add(ticket('a'));
      expect(await store.remove(ticket('a'))).toBe(true);
      expect(await store.remove(ticket('a'))).toBe(false);
      expect(await store.count(SHARD)).toBe(0);
    });

    test('M6 leaves a later ticket of the same peer alone', async () => {
      await store.add(ticket('a', { id: 'later' }));
      expect(await store.remove(ticket('a'))).toBe(false);
      expect(await store.count(SHARD)).toBe(1);
    });

    test('M7 loses against a claim that was there first', async () => {
      await store.add(ticket('a'));
      await store.add(ticket('b'));
      await store.claim([[ticket('a'), ticket('b')]]);
      expect(await store.remove(ticket('a'))).toBe(false);
    });
  });

  describe('claim', () => {
    beforeEach(async () => {
      for (const id of ['a', 'b', 'c', 'd']) await store.add(ticket(id));
    });

    test('M7 [M7.2] takes all tickets of a claim out at once', async () => {
      expect(await store.claim([[ticket('a'), ticket('b')]])).toEqual([true]);
      expect(await store.count(SHARD)).toBe(2);
    });

    test('M7 [M7.2] takes none of them when one is not waiting', async () => {
      await store.remove(ticket('b'));
      expect(await store.claim([[ticket('a'), ticket('b')]])).toEqual([false]);
      expect(await store.claim([[ticket('a'), ticket('c')]])).toEqual([true]);
    });

    test('M7 decides each claim on its own and in order', async () => {
      const [a, b, c, d] = [ticket('a'), ticket('b'), ticket('c'), ticket('d')];
      const answers = await store.claim([
        [a, b],
        [b, c],
        [c, d],
        [a, d],
      ]);
      expect(answers).toEqual([true, false, true, false]);
      expect(await store.count(SHARD)).toBe(0);
    });

    test('M7 rejects a claim that names one ticket twice', async () => {
      expect(await store.claim([[ticket('a'), ticket('a')]])).toEqual([false]);
      expect(await store.count(SHARD)).toBe(4);
    });

    test('M7 rejects an earlier ticket of a peer that waits with a later one', async () => {
      await store.remove(ticket('a'));
      await store.add(ticket('a', { id: 'later' }));
      expect(await store.claim([[ticket('a'), ticket('b')]])).toEqual([false]);
    });

    test('M7 takes claims of any size, and of no claim makes none', async () => {
      expect(await store.claim([])).toEqual([]);
      expect(await store.claim([[ticket('a'), ticket('b'), ticket('c')]])).toEqual([true]);
    });

    test('M7 lets a claimed peer add a new ticket', async () => {
      await store.claim([[ticket('a'), ticket('b')]]);
      expect(await store.add(ticket('a', { id: 'later' }))).toBe(true);
    });

    test('M7 [M7.3] of many overlapping claims and removals at once exactly one gets each ticket', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 3 }), {
            minLength: 1,
            maxLength: 30,
          }),
          async (wanted) => {
            const busy = await open();
            for (let peer = 0; peer < 10; peer++) await busy.add(ticket(`q${peer}`));
            const takers = wanted.map(async (peers) => {
              const [first] = peers;
              if (peers.length === 1) return (await busy.remove(ticket(`q${first}`))) ? peers : [];
              return (await busy.claim([peers.map((peer) => ticket(`q${peer}`))]))[0] ? peers : [];
            });
            const taken = (await Promise.all(takers)).flat();
            expect(new Set(taken).size).toBe(taken.length);
            expect(await busy.count(SHARD)).toBe(10 - taken.length);
            await busy.close();
          },
        ),
        { numRuns: 50 },
      );
    });
  });

  describe('touch and expire', () => {
    const limits = { staleMs: 30_000, maxAgeMs: 3_600_000 };
    const expired = async (now: number) =>
      (await store.expire(now, limits)).map(({ peerId }) => peerId).sort();

    test('M6 touch answers with those that wait no longer', async () => {
      await store.add(ticket('a'));
      await store.add(ticket('b', { id: 'later' }));
      expect(await store.touch([ticket('a'), ticket('b'), ticket('c')], T0)).toEqual(['t-b', 't-c']);
    });

    test('M6 an untouched ticket expires, a touched one stays', async () => {
      await store.add(ticket('a'));
      await store.add(ticket('b'));
      await store.touch([ticket('a'), ticket('b')], T0);
      await store.touch([ticket('b')], T0 + 20_000);
      expect(await expired(T0 + 30_000)).toEqual([]);
      expect(await expired(T0 + 30_001)).toEqual(['a']);
      expect(await store.count(SHARD)).toBe(1);
      expect(await store.add(ticket('a'))).toBe(true);
    });

    test('M6 one that was never touched counts from the first expiry that finds it', async () => {
      await store.add(ticket('a', { since: T0 - 600_000 }));
      expect(await expired(T0)).toEqual([]);
      expect(await expired(T0 + 30_000)).toEqual([]);
      expect(await expired(T0 + 30_001)).toEqual(['a']);
    });

    test('M6 a ticket expires after the longest wait, however often it is touched', async () => {
      await store.add(ticket('a', { since: T0 }));
      await store.touch([ticket('a')], T0 + 3_600_000);
      expect(await expired(T0 + 3_600_000)).toEqual([]);
      await store.touch([ticket('a')], T0 + 3_600_001);
      expect(await expired(T0 + 3_600_001)).toEqual(['a']);
    });

    test('M6 what has expired cannot be claimed', async () => {
      await store.add(ticket('a'));
      await store.add(ticket('b'));
      await expired(T0);
      await expired(T0 + 60_000);
      expect(await store.claim([[ticket('a'), ticket('b')]])).toEqual([false]);
    });
  });

  describe('shards', () => {
    test('M9 names those that have waiting tickets, and counts them', async () => {
      await store.add(ticket('a'));
      await store.add(ticket('b', { mode: 'text', trustPool: 'low' }));
      expect((await store.shards()).sort()).toEqual(['text.local.low', 'video.local.standard']);
      await store.remove(ticket('b'));
      expect(await store.shards()).toEqual([SHARD]);
      expect(await store.count('text.local.low')).toBe(0);
      expect(await store.count('audio.nowhere.standard')).toBe(0);
    });
  });

  describe('follow', () => {
    test('M5 first notifies of all waiting tickets, longest wait first', async () => {
      await store.add(ticket('b', { since: T0 + 5 }));
      await store.add(ticket('a', { since: T0 }));
      await store.add(ticket('c', { since: T0 + 9 }));
      await store.add(ticket('elsewhere', { mode: 'text' }));
      const { heard } = await followed(store);
      await notified();
      expect(heard).toEqual(['+a', '+b', '+c']);
    });

    test('M5 then of each change, in its order, and of how each ticket went', async () => {
      const { heard } = await followed(store);
      for (const id of ['a', 'b', 'c', 'd']) await store.add(ticket(id));
      await store.remove(ticket('a'));
      await store.claim([[ticket('b'), ticket('c')]]);
      await store.expire(T0, { staleMs: 1, maxAgeMs: 1e9 });
      await store.expire(T0 + 2, { staleMs: 1, maxAgeMs: 1e9 });
      await store.add(ticket('a', { id: 'again' }));
      await notified();
      expect(heard.slice(0, 5)).toEqual(['+a', '+b', '+c', '+d', '-a']);
      expect(heard.slice(5, 7).sort()).toEqual(['-b', '-c']);
      expect(heard.slice(7)).toEqual(['-d', '+a']);
    });

    test('M5 sends no event for failed changes, or for other shards', async () => {
      const { heard } = await followed(store);
      await store.add(ticket('a'));
      await store.add(ticket('a', { id: 'second' }));
      await store.add(ticket('b', { region: 'eu' }));
      await store.remove(ticket('b', { region: 'eu' }));
      await store.remove(ticket('nobody'));
      await store.claim([[ticket('a'), ticket('nobody')]]);
      await notified();
      expect(heard).toEqual(['+a']);
    });

    test('M5 misses and repeats nothing of what goes on while it begins', async () => {
      for (let index = 0; index < 50; index++) await store.add(ticket(`before${index}`));
      const adding = Array.from({ length: 50 }, (_, index) => store.add(ticket(`during${index}`)));
      const { heard } = await followed(store);
      await Promise.all(adding);
      await notified();
      expect(new Set(heard).size).toBe(100);
      expect(heard).toHaveLength(100);
    });

    test('M5 ends on request, for this follower alone', async () => {
      const [one, other] = [await followed(store), await followed(store)];
      one.unfollow();
      await store.add(ticket('a'));
      await notified();
      expect(one.heard).toEqual([]);
      expect(other.heard).toEqual(['+a']);
    });

    test('M5 a follower that begins while a change is being notified gets it once', async () => {
      const late: string[] = [];
      await store.follow(SHARD, ({ kind }) => {
        if (kind === 'added')
          void store.follow(SHARD, (event) => void late.push(`${event.kind} ${event.ticket.id}`));
      });
      await store.add(ticket('a'));
      await notified();
      expect(late).toEqual(['added t-a']);
    });

    test('M5 a follower that changes the store is notified afterwards, as are the others', async () => {
      const first: string[] = [];
      const second: string[] = [];
      await store.follow(SHARD, ({ kind, ticket: { peerId } }) => {
        first.push(`${kind} ${peerId}`);
        if (kind === 'added' && peerId === 'a') void store.remove(ticket('a'));
      });
      await store.follow(SHARD, ({ kind, ticket: { peerId } }) => void second.push(`${kind} ${peerId}`));
      await store.add(ticket('a'));
      await notified();
      expect(first).toEqual(['added a', 'gone a']);
      expect(second).toEqual(['added a', 'gone a']);
    });
  });

  test('M7 a closed store rejects requests, and notifies of nothing more', async () => {
    const { heard } = await followed(store);
    await store.close();
    await expect(store.add(ticket('a'))).rejects.toThrow();
    await expect(store.claim([])).rejects.toThrow();
    await store.close();
    expect(heard).toEqual([]);
  });
}
