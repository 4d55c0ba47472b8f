import type { CallJournal, JournalMessage } from '../../../src/app/calls/call-journal';
import { CallRecorder } from '../../../src/app/calls/call-recorder';
import { Calls } from '../../../src/app/calls/calls';
import { Chat } from '../../../src/app/calls/chat';
import { FormerOwnerMessages } from '../../../src/app/calls/former-owner-messages';
import { callKey, CALL_TTL_MS } from '../../../src/app/calls/snapshots';
import { wishesSchema } from '../../../src/protocol';
import { MemoryBusHub } from '../../../src/memory/bus';
import { MemoryLeaseStore } from '../../../src/memory/lease-store';
import { clusterNode } from '../../support/cluster';
import { ManualClock, settle } from '../../support/manual-clock';
import { peerWithoutSocket } from '../../support/people';
import { ticket } from '../../support/tickets';

const CALL = '6c84fb90-12c4-11e1-840d-7b25c5ee775a';

interface Shared {
  readonly clock: ManualClock;
  readonly leases: MemoryLeaseStore;
  readonly hub: MemoryBusHub;
}

/** A node that believes to own the call of Ann and Bob. */
async function owner(address: string, { clock, leases, hub }: Shared) {
  const { messenger } = await clusterNode(address, hub, clock);
  const calls = new Calls(clock);
  const chat = new Chat(calls, clock, { message: () => undefined });
  const reported: unknown[] = [];
  const reportError = (error: unknown): void => void reported.push(error);
  const passing = new FormerOwnerMessages({ calls, chat, leases, messenger, clock, reportError });
  const [ann, bob] = [peerWithoutSocket('ann'), peerWithoutSocket('bob')];
  const matched = ({ peer }: typeof ann) => ({
    peer,
    wishes: wishesSchema.parse({ mode: 'text' }),
    ticket: ticket(peer.id, { mode: 'text' }),
  });
  const open = () => calls.open([matched(ann), matched(bob)], CALL);
  const say = (id: string) => chat.say(ann.peer, { callId: CALL, id, text: `text of ${id}` });
  const received = (): string[] =>
    bob.sent.flatMap(({ event, data }) => (event === 'chat_message' && 'id' in data ? [data.id] : []));
  return { calls, chat, open, say, received, reported, passing, bob };
}

async function scene() {
  const clock = new ManualClock();
  const shared = { clock, leases: new MemoryLeaseStore(clock), hub: new MemoryBusHub() };
  const [former, next] = [await owner('node-a.1', shared), await owner('node-b.1', shared)];
  await shared.leases.take(callKey(CALL), 'node-b.1', { ttlMs: CALL_TTL_MS });
  return { ...shared, former, next };
}

test('S8 [S8.1] what two owners of one call have acknowledged arrives, whichever of them keeps the call', async () => {
  const { former, next } = await scene();
  const [call, same] = [former.open(), next.open()];
  former.say('one');
  next.say('two');
  former.calls.release(call);
  await settle();
  expect(next.received()).toEqual(['two', 'one']);
  expect([same.messageCount, next.reported, former.reported]).toEqual([2, [], []]);
});

test('S8 the next owner is asked again until it owns the call, and a known message arrives once', async () => {
  const { clock, former, next } = await scene();
  const call = former.open();
  former.say('one');
  former.calls.release(call);
  await settle();
  const same = next.open();
  next.say('one');
  await clock.advance(300);
  await settle();
  expect(next.received()).toEqual(['one']);
  expect(same.messageCount).toBe(1);
});

test('S8 what has arrived is not passed on, and a call that has ended is not looked for', async () => {
  const { clock, leases, former, next } = await scene();
  const call = former.open();
  former.say('one');
  former.chat.delivered(former.bob.peer, { callId: CALL, id: 'one' });
  former.calls.release(call);
  next.open();
  await settle();
  expect(next.received()).toEqual([]);
  await leases.release(callKey(CALL), 'node-b.1');
  const again = former.open();
  former.say('two');
  former.calls.release(again);
  await clock.advance(20_000);
  expect([next.received(), former.reported]).toEqual([[], []]);
});

test('S8 R1 two owners of one call number what they record apart, so that the record holds the messages of both', async () => {
  const { clock, former, next } = await scene();
  const recorded: JournalMessage[] = [];
  const journal = {
    opened: () => undefined,
    connected: () => undefined,
    said: (_: string, messages: readonly JournalMessage[]) => recorded.push(...messages),
  } as unknown as CallJournal;
  for (const { calls, chat } of [former, next]) {
    const counter = { countCall: () => Promise.resolve(true) };
    new CallRecorder({
      ...{ calls, chat, journal, clock, counter, reportError: () => undefined, livingNodes: () => [] },
    });
  }
  const [call, same] = [former.open(), next.open()];
  former.say('one');
  next.say('two');
  former.calls.release(call);
  next.calls.release(same);
  expect(recorded.map(({ content }) => content)).toEqual(['text of one', 'text of two']);
  expect(new Set(recorded.map(({ id }) => id)).size).toBe(2);
});

test('S8 messages that nobody takes over are reported, unless the node closes', async () => {
  const { clock, former } = await scene();
  for (const closes of [false, true]) {
    const call = former.open();
    former.say('one');
    former.calls.release(call);
    if (closes) former.passing.close();
    for (let passed = 0; passed < 12_000; passed += 300) {
      await clock.advance(300);
      await settle();
    }
    expect(former.reported).toHaveLength(1);
  }
});
