import { CallHistory } from '../../../src/app/calls/call-history';
import type { JournalMessage } from '../../../src/app/calls/call-journal';
import { Calls } from '../../../src/app/calls/calls';
import { Chat } from '../../../src/app/calls/chat';
import { chatPage } from '../../../src/domain/calls';
import { wishesSchema, type PastMessage } from '../../../src/protocol';
import { ManualClock } from '../../support/manual-clock';
import { peerWithoutSocket } from '../../support/people';
import { ticket } from '../../support/tickets';

function scene(journal: readonly JournalMessage[] = []) {
  const clock = new ManualClock();
  const calls = new Calls(clock);
  const chat = new Chat(calls, clock, { message: () => undefined });
  const [ann, bob] = [peerWithoutSocket('ann').peer, peerWithoutSocket('bob').peer];
  const wishes = wishesSchema.parse({ mode: 'text', blurFirst: false });
  const matched = (peer: typeof ann) => ({ peer, wishes, ticket: ticket(peer.id, { mode: 'text' }) });
  const call = calls.open([matched(ann), matched(bob)]);
  const read: string[] = [];
  const history = new CallHistory({
    journal: {
      messages: (callId) => {
        read.push(callId);
        return Promise.resolve(journal);
      },
    },
    clock,
    reportError: () => undefined,
  });
  return { clock, chat, call, ann, bob, history, read };
}

test('S8 a participant reads the chat of the call again, with the ids and receipts of both sides', async () => {
  const { clock, chat, call, ann, bob, history, read } = scene();
  chat.say(ann, { callId: call.id, id: 'one', text: 'hello' });
  await clock.advance(10);
  chat.say(bob, { callId: call.id, id: 'one', text: 'hello yourself' });
  chat.delivered(ann, { callId: call.id, id: 'one' });
  expect(await history.messagesFor(call, ann)).toMatchObject([
    { id: 'one', senderId: 'ann', content: 'hello', status: 'sent' },
    { id: 'one', senderId: 'bob', content: 'hello yourself', status: 'delivered' },
  ]);
  // All of it is remembered, so the records need not be asked.
  expect(read).toEqual([]);
});

test('S8 what another node accepted before is read from the journal, and counts as arrived', async () => {
  const at = 1_000_000_000_000;
  const before = (senderId: string, content: string, timestamp: number): JournalMessage => ({
    id: `call-${content}`,
    ...{ senderId, content, timestamp },
    senderUsername: senderId,
    status: 'sent',
  });
  const { chat, call, ann, history, read } = scene([
    before('ann', 'first', at - 20),
    before('bob', 'second', at - 10),
    // The journal has the latest message already.
    before('ann', 'third', at),
  ]);
  call.messageCount = 2;
  chat.say(ann, { callId: call.id, id: 'three', text: 'third' });
  expect(await history.messagesFor(call, ann)).toMatchObject([
    { id: 'call-first', content: 'first', status: 'delivered' },
    { id: 'call-second', content: 'second', status: 'read' },
    { id: 'three', content: 'third', status: 'sent' },
  ]);
  expect(read).toEqual([call.id]);
});

test('S8 a long chat is read in pages from the newest on, and none of it is missed', () => {
  const message = (index: number): PastMessage => ({
    id: `${index}`,
    senderId: 'ann',
    content: 'ä'.repeat(2000),
    timestamp: Math.floor(index / 3),
    status: 'read',
  });
  const all = Array.from({ length: 40 }, (_, index) => message(index));
  const seen = new Set<string>();
  let page = chatPage(all);
  for (;;) {
    for (const { id } of page.messages) seen.add(id);
    expect(JSON.stringify(page.messages).length).toBeLessThan(64 * 1024);
    if (!page.more) break;
    page = chatPage(all, page.messages[0]?.timestamp);
  }
  expect(seen.size).toBe(all.length);
  expect(chatPage([])).toEqual({ messages: [], more: false });
});
