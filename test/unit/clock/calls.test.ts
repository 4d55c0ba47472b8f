import { CallRecorder } from '../../../src/app/calls/call-recorder';
import { callSnapshotAfter } from '../../../src/app/calls/call-snapshot';
import { Calls } from '../../../src/app/calls/calls';
import { Chat } from '../../../src/app/calls/chat';
import type { CallJournal } from '../../../src/app/calls/call-journal';
import { CallSnapshots, type CallSnapshotsDeps } from '../../../src/app/calls/snapshots';
import { TalkMeter } from '../../../src/app/calls/talk-meter';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import { UsageMemory } from '../../../src/app/plans/usage-memory';
import { NO_USAGE, type Usage } from '../../../src/domain/plans';
import { DomainError } from '../../../src/domain/error';
import { wishesSchema } from '../../../src/protocol';
import { ManualClock } from '../../support/manual-clock';
import { guest, peerWithoutSocket } from '../../support/people';
import { ticket } from '../../support/tickets';

const HOUR = 3_600_000;
const JUMPS = [
  ['back', -HOUR],
  ['on', HOUR],
] as const;

function scene({ blurFirst = false } = {}) {
  const clock = new ManualClock();
  const calls = new Calls(clock);
  const chat = new Chat(calls, clock, { message: () => undefined });
  const [ann, bob] = [peerWithoutSocket('ann'), peerWithoutSocket('bob')];
  const mode = blurFirst ? ('video' as const) : ('text' as const);
  const wishes = wishesSchema.parse({ mode, blurFirst });
  const open = () => {
    const matched = (peer: typeof ann.peer) => ({
      peer,
      wishes,
      ticket: ticket(peer.id, { mode, since: clock.elapsed() }),
    });
    return calls.open([matched(ann.peer), matched(bob.peer)]);
  };
  return { clock, calls, chat, ann, bob, open };
}

/** How long a participant who writes as much as they may has to wait. */
function writeUntilLimited(say: (id: string) => void): number {
  for (let n = 0; n < 100; n += 1) {
    try {
      say(`${n}`);
    } catch (error) {
      if (!(error instanceof DomainError) || error.retryAfterMs === undefined) throw error;
      return error.retryAfterMs;
    }
  }
  throw new Error('nothing limits the chat');
}

describe.each(JUMPS)('the clock of the machine is set %s by an hour', (_, jump) => {
  test('S8 [V8.4] the chat goes on as before: a writer who waited as long as told may write', async () => {
    const { clock, chat, ann, bob, open } = scene();
    const { id: callId } = open();
    const waitMs = writeUntilLimited((id) => chat.say(ann.peer, { callId, id, text: 'hello' }));
    clock.jump(jump);
    // What is to be waited for has neither come early nor is it further away.
    expect(() => chat.say(ann.peer, { callId, id: 'soon', text: 'hello' })).toThrow('too many messages');
    await clock.advance(waitMs);
    const { timestamp } = chat.say(ann.peer, { callId, id: 'later', text: 'hello' });
    expect(timestamp).toBe(clock.now());
    expect(bob.sent.at(-1)).toMatchObject({ event: 'chat_message', data: { id: 'later' } });
  });

  test('P1 [V8.4] the minutes of a plan are those that the call has lasted', async () => {
    const { clock, calls, ann, bob, open } = scene();
    const kept = new Map<string, Usage>();
    const memory = new UsageMemory(clock);
    const meter = new TalkMeter(calls, { keepUsage: (id, usage) => kept.set(id, usage) }, memory, clock);
    const call = open();
    await clock.advance(45_000);
    clock.jump(jump);
    await clock.advance(45_000);
    calls.end(call, 'left', bob.peer);
    expect([kept.get('ann')?.dayMs, ann.peer.allowance.usage.dayMs]).toEqual([90_000, 90_000]);
    clock.jump(jump);
    // The records may not have them yet, however the clock is set meanwhile.
    expect(memory.merged('ann', NO_USAGE).dayMs).toBe(90_000);
    meter.close();
  });

  test('A3 [V8.4] a record says how long the two talked, and how long it took until they could', async () => {
    const { clock, calls, chat, bob, open } = scene();
    const ends: unknown[] = [];
    const connections: unknown[] = [];
    const journal: Partial<CallJournal> = {
      opened: () => undefined,
      alive: () => undefined,
      endLost: async () => 0,
      connected: (_id, at, connectionTimeMs) => connections.push({ at, connectionTimeMs }),
      ended: (_id, { at, talkedMs }) => ends.push({ at, talkedMs }),
    };
    const counted: number[] = [];
    const recorder = new CallRecorder({
      ...{ calls, chat, clock, journal: journal as CallJournal },
      counter: { countCall: (_identity, { talkedMs }) => Promise.resolve(counted.push(talkedMs) > 0) },
      livingNodes: () => [],
      reportError: (error) => {
        throw error;
      },
    });
    const connectedAt = clock.now();
    const call = open();
    await clock.advance(30_000);
    clock.jump(jump);
    await clock.advance(30_000);
    calls.end(call, 'next', bob.peer);
    expect(connections).toEqual([{ at: connectedAt, connectionTimeMs: null }]);
    expect(ends).toEqual([{ at: connectedAt + 60_000 + jump, talkedMs: 60_000 }]);
    expect(counted).toEqual([60_000, 60_000]);
    recorder.close();
  });

  test('C2 the time to accept is over when it was said to be', async () => {
    const { clock, calls, ann, open } = scene({ blurFirst: true });
    const call = open();
    await clock.advance(5_000);
    clock.jump(jump);
    calls.announceTo(call, ann.peer, null, true);
    const found = ann.sent.find(({ event }) => event === 'partner_found');
    expect(found).toMatchObject({ data: { accept: { remainingMs: 15_000 } } });
    await clock.advance(15_000);
    expect(ann.sent.at(-1)).toMatchObject({ data: { reason: 'not_accepted' } });
  });

  test('C3 a participant who is back learns how long the call has lasted', async () => {
    const { clock, calls, ann, open } = scene();
    const call = open();
    await clock.advance(30_000);
    clock.jump(jump);
    calls.announceTo(call, ann.peer, null, true);
    const found = ann.sent.find(({ event }) => event === 'partner_found');
    expect(found).toMatchObject({ data: { talkedMs: 30_000, again: true } });
  });

  test('S4 the place of a peer who is away is held as long as ever', async () => {
    const clock = new ManualClock();
    const peers = new PeerRegistry(clock, { dropped: 15_000, pageClosed: 4_000 });
    const socket = { send: () => undefined, close: () => undefined };
    const peer = peers.register(guest('ann'), peerWithoutSocket('ann').peer.allowance, socket);
    peers.disconnect(peer, socket, 'dropped');
    clock.jump(jump);
    await clock.advance(14_999);
    expect(peers.get('ann')).toBe(peer);
    await clock.advance(1);
    expect(peers.get('ann')).toBeUndefined();
  });

  test('V8 a call that another node takes over has the same durations there', async () => {
    const { clock, calls, open } = scene({ blurFirst: true });
    const call = open();
    const snapshots = new CallSnapshots({
      leases: { renew: async () => [] },
      calls,
      lines: { lineOf: () => null, remoteLine: () => null },
      bridges: { flowing: () => null, generationOf: () => 7 },
      messenger: { self: 'a node', on: () => undefined },
      membership: { on: () => undefined },
      clock,
      reportError: () => undefined,
    } as unknown as CallSnapshotsDeps);
    await clock.advance(3_000);
    clock.jump(jump);
    await clock.advance(2_000);
    const written = snapshots.snapshotOf(call);
    expect(written).toMatchObject({ matchedMs: 5_000, acceptLeftMs: 15_000, generation: 7 });
    expect(callSnapshotAfter(written, 6_000)).toMatchObject({
      matchedMs: 11_000,
      acceptLeftMs: 9_000,
      participants: [{ remotePeer: { waitedMs: 11_000 } }, { remotePeer: { waitedMs: 11_000 } }],
    });
    snapshots.close();
  });
});
