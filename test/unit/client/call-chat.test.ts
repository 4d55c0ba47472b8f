/// <reference lib="dom" />
import { CallChat } from '../../../client/src/chat/engine/call-chat';
import { withIncoming } from '../../../client/src/chat/engine/call-view';
import type { SignalingClient } from '../../../client/src/chat/engine/signaling-client';
import type { CallView } from '../../../client/src/chat/engine/state';
import { RequestError, disconnected } from '../../../client/src/errors/request-error';
import type { ClientReply, PastMessage } from '../../../src/protocol';

type Page = ClientReply<'chat_history'>;

const past = (id: string, senderId: string, timestamp: number, status: PastMessage['status']) => ({
  ...{ id, senderId, timestamp, status },
  content: `${id} of ${senderId}`,
});

function scene(answers: (Page | Error)[]) {
  let call = {
    callId: 'call',
    partner: { id: 'they', name: 'Kim' },
    they: {},
    chat: [],
    unread: 0,
    accept: null,
  } as unknown as CallView;
  const asked: unknown[] = [];
  const failures: unknown[] = [];
  const signaling = {
    request: (_event: string, data: unknown) => {
      asked.push(data);
      const answer = answers.shift() ?? new Error('nothing more was expected');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as SignalingClient;
  const chat = new CallChat(signaling, {
    call: () => call,
    update: (change) => (call = change(call)),
    requestFailed: (error) => failures.push(error),
  });
  const receive = (id: string, timestamp: number): void => {
    const about = { callId: 'call', senderUsername: 'Kim', type: 'text' as const };
    call = withIncoming(call, { ...about, id, senderId: 'they', content: id, timestamp });
  };
  return { chat, asked, failures, receive, view: () => call };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('S8 a page that was loaded anew reads what was said before, page by page, and counts what is unread', async () => {
  const { chat, asked, receive, view } = scene([
    { messages: [past('b', 'me', 20, 'delivered'), past('c', 'they', 30, 'delivered')], more: true },
    { messages: [past('a', 'they', 10, 'read'), past('b', 'me', 20, 'delivered')], more: false },
  ]);
  chat.readPast('call');
  receive('c', 30);
  receive('d', 40);
  await settle();
  expect(asked).toEqual([{ callId: 'call' }, { callId: 'call', until: 20 }]);
  expect(view().chat.map(({ id, mine, state }) => [id, mine, state])).toEqual([
    ['a', false, 'read'],
    ['b', true, 'delivered'],
    ['c', false, 'delivered'],
    ['d', false, 'delivered'],
  ]);
  expect(view().unread).toBe(2);
});

test('S8 a reading that broke off with the connection is done with the next one; an older server has nothing to read', async () => {
  const broken = scene([
    disconnected('away'),
    { messages: [past('a', 'they', 10, 'delivered')], more: false },
  ]);
  broken.chat.readPast('call');
  await settle();
  broken.chat.onConnected();
  await settle();
  expect([broken.view().chat.length, broken.view().unread]).toEqual([1, 1]);
  broken.chat.onConnected();
  expect(broken.asked).toHaveLength(2);

  const older = scene([new RequestError({ code: 'unknown_event', message: '' })]);
  older.chat.readPast('call');
  await settle();
  older.chat.onConnected();
  expect([older.asked.length, older.failures.length]).toEqual([1, 0]);
});
