/// <reference lib="dom" />
import { CLOSE, LIMITS } from '../../../src/protocol';
import {
  answers,
  browser,
  closes,
  connected,
  events,
  framesOf,
  hellos,
  isOpen,
  last,
  links,
  open,
  server,
  setUpSignaling,
  signaling,
  sockets,
  until,
} from './signaling-scene';

setUpSignaling();

describe('S3 the handshake', () => {
  it('S3 says hello first, and keeps the token for this tab', async () => {
    await open();
    expect(hellos()).toEqual([{ event: 'hello', data: { protocol: LIMITS.protocolVersion } }]);
    expect(links.map(({ state }) => state)).toEqual(['connecting', 'open']);
    expect(browser.stored.get('passerby.resume')).toBe('token-one');
  });

  it('S5 a server that does not greet is let go, and tried again', async () => {
    answers.greet = () => null;
    signaling.start();
    await until(() => hellos().length === 1);
    jest.advanceTimersByTime(8_000);
    expect(last()?.state).toBe('reconnecting');
    answers.greet = () => connected(false);
    jest.advanceTimersByTime(400);
    await until(isOpen);
  });
});

test('O5 a server that is too busy for new people is left alone for as long as it says, and is not given up', async () => {
  answers.greet = () => ({
    event: 'error',
    data: { code: 'server_busy', message: 'busy', retryAfterMs: 5_000 },
  });
  signaling.start();
  await until(() => hellos().length === 1);
  await until(() => events.includes('error'));
  sockets[0]?.close(CLOSE.busy.code, CLOSE.busy.reason);
  await until(() => last()?.state === 'reconnecting');
  const connection = last();
  if (connection?.state !== 'reconnecting') throw new Error('it is not reconnecting');
  // The random numbers of these tests are all 1: the longest time.
  expect(connection).toMatchObject({ why: 'busy', nextTryAt: 10_000 });
  jest.advanceTimersByTime(9_000);
  expect(hellos()).toHaveLength(1);
  answers.greet = () => connected(false);
  jest.advanceTimersByTime(1_000);
  await until(isOpen);
});

describe('S4 coming back', () => {
  it('S4 waits longer each time, up to a limit, and says until when the place is kept', async () => {
    await open();
    const droppedAt = performance.now();
    server.close();
    sockets[0]?.terminate();
    const waits: number[] = [];
    for (const tries of [1, 2, 3, 4, 5, 6]) {
      await until(() => links.filter(({ state }) => state === 'reconnecting').length === tries);
      const connection = last();
      if (connection?.state !== 'reconnecting') throw new Error('it is not reconnecting');
      const why = tries === 1 ? 'dropped' : 'unreachable';
      expect(connection).toMatchObject({ since: droppedAt, keptUntil: droppedAt + 15_000, why });
      waits.push(connection.nextTryAt - performance.now());
      jest.advanceTimersByTime(connection.nextTryAt - performance.now());
    }
    expect(waits).toEqual([400, 800, 1600, 3200, 6400, 8000]);
  });

  it.each([-3_600_000, 3_600_000])(
    'S4 the clock of the device is set by %i ms during an outage: the place is kept as long as said',
    async (jump) => {
      await open();
      sockets[0]?.terminate();
      server.close();
      await until(() => last()?.state === 'reconnecting');
      const before = last();
      jest.setSystemTime(Date.now() + jump);
      jest.advanceTimersByTime(400);
      await until(() => links.length > 3);
      const after = last();
      if (before?.state !== 'reconnecting' || after?.state !== 'reconnecting') throw new Error('it is away');
      expect(after.keptUntil).toBe(before.keptUntil);
      expect((after.keptUntil ?? 0) - performance.now()).toBe(LIMITS.resumeSeconds * 1000 - 400);
    },
  );

  it('S4 comes back with the token, and begins to wait anew afterwards', async () => {
    await open();
    answers.greet = () => connected(true);
    sockets[0]?.terminate();
    await until(() => last()?.state === 'reconnecting');
    jest.advanceTimersByTime(400);
    await until(isOpen);
    expect(hellos()[1]?.data).toMatchObject({ resumeToken: 'token-one' });
    sockets[1]?.terminate();
    await until(() => last()?.state === 'reconnecting');
    expect(last()).toMatchObject({ nextTryAt: performance.now() + 400 });
  });

  it('S4 notices at once that the machine lost its network, and that it has it again', async () => {
    await open();
    browser.goes('offline');
    expect(last()).toMatchObject({ state: 'reconnecting', why: 'offline' });
    browser.goes('online');
    await until(isOpen);
    expect(hellos()).toHaveLength(2);
  });

  it('S4 an attempt that was begun on a network that is gone is not waited for', async () => {
    const { greet } = answers;
    answers.greet = () => null;
    signaling.start();
    await until(() => hellos().length === 1);
    answers.greet = greet;
    browser.goes('online');
    await until(isOpen);
    expect(hellos()).toHaveLength(2);
  });

  it('S4 keeps no place that never was', async () => {
    server.close();
    signaling.start();
    await until(() => last()?.state === 'reconnecting');
    expect(last()).toMatchObject({ why: 'unreachable', keptUntil: null });
    browser.goes('offline');
    expect(last()).toMatchObject({ why: 'offline', keptUntil: null });
  });

  it.each(['notice', 'close'])('S6 a server that says by %s that it restarts keeps no place', async (how) => {
    await open();
    if (how === 'notice') {
      sockets[0]?.send(JSON.stringify({ event: 'notice', data: { code: 'shutting_down' } }));
      await until(() => events.includes('notice'));
      sockets[0]?.terminate();
    } else sockets[0]?.close(CLOSE.goingAway.code);
    server.close();
    await until(() => last()?.state === 'reconnecting');
    expect(last()).toMatchObject({ why: 'restarting', keptUntil: null });
    // It is not called a restart for ever.
    jest.advanceTimersByTime(60_000);
    await until(() => {
      jest.advanceTimersByTime(400);
      const link = last();
      return link?.state === 'reconnecting' && link.why === 'unreachable';
    });
  });

  it.each(['replaced', 'protocolOutdated', 'full', 'tooManyFromAddress'] as const)(
    'S5 does not come back by itself after %s, but does when asked',
    async (name) => {
      await open();
      sockets[0]?.close(CLOSE[name].code);
      await until(() => last()?.state === 'closed');
      expect(last()).toEqual({ state: 'closed', reason: name });
      jest.advanceTimersByTime(60_000);
      expect(hellos()).toHaveLength(1);
      signaling.reconnectNow();
      await until(isOpen);
    },
  );
});

describe('S1 requests', () => {
  it('S1 match their replies by id, and errors keep their code', async () => {
    await open();
    const first = signaling.request('chat_message', { callId: 'c', id: 'a', text: 'one' });
    const second = signaling.request('chat_message', { callId: 'c', id: 'b', text: 'two' });
    await until(() => framesOf('chat_message').length === 2);
    const [one, two] = framesOf('chat_message');
    const error = { code: 'rate_limited', message: 'slowly', retryAfterMs: 5 };
    sockets[0]?.send(JSON.stringify({ event: 'error', id: two?.id, data: error }));
    sockets[0]?.send(JSON.stringify({ event: 'chat_message', id: one?.id, data: { id: 'a', timestamp: 7 } }));
    await expect(second).rejects.toMatchObject({ details: error });
    await expect(first).resolves.toEqual({ id: 'a', timestamp: 7 });
  });

  it('S1 what does not fit the schema is no reply, and no event', async () => {
    await open();
    const asked = signaling.request('chat_message', { callId: 'c', id: 'a', text: 'one' });
    await until(() => framesOf('chat_message').length === 1);
    sockets[0]?.send('not json');
    sockets[0]?.send(JSON.stringify({ event: 'stats', data: { total: 'many' } }));
    sockets[0]?.send(JSON.stringify({ event: 'made_up', data: {} }));
    sockets[0]?.send(
      JSON.stringify({ event: 'chat_message', id: framesOf('chat_message')[0]?.id, data: {} }),
    );
    await expect(asked).rejects.toMatchObject({ details: { code: 'internal' } });
    expect(events).toEqual(['connected']);
  });

  it('S4 are refused as disconnected when the connection goes, or is not there', async () => {
    await expect(signaling.request('cancel_search', {})).rejects.toMatchObject({
      details: { code: 'disconnected' },
    });
    await open();
    const asked = signaling.request('cancel_search', {});
    sockets[0]?.terminate();
    await expect(asked).rejects.toMatchObject({ details: { code: 'disconnected' } });
  });

  it('S6 a socket that answers nothing and says nothing else is given up', async () => {
    await open();
    answers.pings = false;
    const asked = signaling.request('cancel_search', {});
    const requestFailed = expect(asked).rejects.toMatchObject({ details: { code: 'disconnected' } });
    jest.advanceTimersByTime(10_000);
    await requestFailed;
    expect(last()?.state).toBe('reconnecting');
  });
});

describe('S4 what is owed', () => {
  it('S4 is sent with the next handshake of the server that still knows us', async () => {
    await open();
    signaling.sendReliably('leave_room', { callId: 'now' });
    await until(() => framesOf('leave_room').length === 1);
    sockets[0]?.terminate();
    await until(() => last()?.state === 'reconnecting');
    signaling.sendReliably('leave_room', { callId: 'later' });
    signaling.notify('typing', { callId: 'later', typing: true });
    answers.greet = () => connected(true);
    jest.advanceTimersByTime(400);
    await until(() => framesOf('leave_room').length === 3);
    // The first one was sent in the very moment in which the server died: nobody knows whether it was heard.
    expect(framesOf('leave_room').map(({ data }) => data.callId)).toEqual(['now', 'now', 'later']);
    expect(framesOf('typing')).toEqual([]);
  });

  it('S4 is not sent again where it was answered, be it with a refusal', async () => {
    await open();
    signaling.sendReliably('leave_room', { callId: 'done' });
    signaling.sendReliably('leave_room', { callId: 'over' });
    await until(() => framesOf('leave_room').length === 2);
    const [done, over] = framesOf('leave_room');
    sockets[0]?.send(JSON.stringify({ event: 'leave_room', data: {}, id: done?.id }));
    const refusal = { code: 'stale_call', message: 'that call is over' };
    sockets[0]?.send(JSON.stringify({ event: 'error', data: refusal, id: over?.id }));
    const heard = signaling.request('cancel_search', {});
    await until(() => framesOf('cancel_search').length === 1);
    const { id } = framesOf('cancel_search')[0] ?? {};
    sockets[0]?.send(JSON.stringify({ event: 'cancel_search', data: {}, id }));
    await heard;
    sockets[0]?.terminate();
    await until(() => last()?.state === 'reconnecting');
    answers.greet = () => connected(true);
    jest.advanceTimersByTime(400);
    await until(isOpen);
    await new Promise((resolve) => setImmediate(resolve));
    expect(framesOf('leave_room')).toHaveLength(2);
  });

  it('S4 is forgotten by a server that knows us no longer', async () => {
    await open();
    sockets[0]?.terminate();
    await until(() => last()?.state === 'reconnecting');
    signaling.sendReliably('leave_room', { callId: 'gone' });
    jest.advanceTimersByTime(400);
    await until(isOpen);
    await new Promise((resolve) => setImmediate(resolve));
    expect(framesOf('leave_room')).toEqual([]);
  });
});

describe('A2 somebody else', () => {
  it('A2 says good-bye, and greets without the old token and without what was owed', async () => {
    await open();
    browser.goes('offline');
    signaling.sendReliably('report_user', { callId: 'c', type: 'spam', words: '' });
    browser.goes('online');
    await until(isOpen);
    signaling.sendReliably('leave_room', { callId: 'c' });
    signaling.startOver();
    await until(() => hellos().length === 3 && isOpen());
    await until(() => closes.includes(1000));
    expect(hellos()[2]?.data).toEqual({ protocol: LIMITS.protocolVersion });
    expect(framesOf('report_user')).toEqual([]);
    expect(events).not.toContain('signed out');
  });

  it('A2 logged out elsewhere, it comes back by itself as nobody known, and says so', async () => {
    await open();
    sockets[0]?.close(CLOSE.signedOut.code);
    await until(() => events.includes('signed out'));
    expect(browser.stored.has('passerby.resume')).toBe(false);
    signaling.sendReliably('leave_room', { callId: 'mine now' });
    jest.advanceTimersByTime(400);
    await until(() => hellos().length === 2 && isOpen());
    expect(hellos()[1]?.data).toEqual({ protocol: LIMITS.protocolVersion });
  });

  it('S4 closed for good, it says good-bye and keeps nothing', async () => {
    await open();
    signaling.close();
    await until(() => closes.includes(1000));
    jest.advanceTimersByTime(60_000);
    expect([hellos().length, browser.stored.has('passerby.resume')]).toEqual([1, false]);
  });
});
