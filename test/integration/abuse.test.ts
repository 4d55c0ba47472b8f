import { connect } from 'node:net';
import { eventually } from '../support/eventually';
import { startNode, type TestNode } from '../support/node';
import { ProtocolClient, codeOf } from '../support/client';
import { spawnNode } from '../support/process';
import { cameraRtp, receiver } from '../support/rtp';

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ MEDIA_WORKERS: '1' });
});
afterAll(() => node.close());

const join = (resumeToken?: string): Promise<ProtocolClient> =>
  ProtocolClient.connect(node.wsUrl, resumeToken);
const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function line(client: ProtocolClient): Promise<string> {
  const { lineId } = await client.request('line_open', { rtpCapabilities: receiver });
  await client.request('line_produce', {
    lineId,
    source: 'camera',
    kind: 'video',
    rtpParameters: cameraRtp(),
  });
  await client.request('line_ready', { lineId });
  return lineId;
}

async function meet(mode: 'text' | 'video' = 'text'): Promise<[ProtocolClient, ProtocolClient, string]> {
  const pair: [ProtocolClient, ProtocolClient] = [await join(), await join()];
  if (mode === 'video') for (const client of pair) await line(client);
  await Promise.all(pair.map((client) => client.search({ mode })));
  const [found] = await Promise.all(pair.map((client) => client.next('partner_found')));
  return [...pair, found?.callId ?? ''];
}

test('V1 a line whose peer leaves while it is made is not left behind', async () => {
  for (let i = 0; i < 10; i += 1) {
    const client = await join();
    client.send('line_open', { rtpCapabilities: receiver });
    client.close();
  }
  await rest(600);
  await eventually(() => node.parts.media.hostedLines().length === 0);
});

test('M8 leaving and asking again is a skip like any other', async () => {
  const skipper = await join();
  let round = 0;
  for (; round < 12; round += 1) {
    const someone = await join();
    await someone.search();
    await skipper.search();
    if (node.parts.peers.get(skipper.id)?.state.kind === 'cooldown') {
      someone.close();
      break;
    }
    const { callId } = await skipper.next('partner_found');
    await skipper.request('leave_room', { callId });
    someone.close();
  }
  // The first search follows no skip; six more are the burst.
  expect(round).toBe(7);
  skipper.close();
}, 30_000);

test('M6 S4 [M6.2] a peer that drops during a pause is not offered to others when the pause ends', async () => {
  const skipper = await join();
  const peer = node.parts.peers.get(skipper.id);
  if (peer === undefined) throw new Error('unknown peer');
  peer.skipBucket = { tokens: 0.9, at: performance.now() };
  peer.endedLastCall = true;
  await skipper.search();
  expect(peer.state.kind).toBe('cooldown');
  skipper.drop();
  await rest(1200);
  expect(peer.state).toMatchObject({ kind: 'searching', queued: false });
  const someone = await join();
  await someone.search();
  await rest(200);
  expect(someone.received.some(({ event }) => event === 'partner_found')).toBe(false);
  const back = await join(skipper.handshake.resumeToken);
  await back.next('partner_found');
  for (const one of [back, someone]) one.close();
});

test('V1 repeated line_ready changes nothing for the partner', async () => {
  const [one, other, callId] = await meet('video');
  expect(callId).not.toBe('');
  const owner = node.parts.peers.get(one.id);
  expect(owner).toBeDefined();
  const lineId = await line(one);
  await other.next('call_media');
  for (let i = 0; i < 30; i += 1) await one.request('line_ready', { lineId });
  expect(other.received.filter(({ event }) => event === 'call_media')).toEqual([]);
  one.close();
  other.close();
});

test('V1 a producer taken back before the media flows does not end the call', async () => {
  const [one, other] = [await join(), await join()];
  const lines = [await line(one), await line(other)];
  await Promise.all([one.search({ mode: 'video' }), other.search({ mode: 'video' })]);
  const { callId, media } = await one.next('partner_found');
  await other.next('partner_found');
  await one.request('line_unproduce', { lineId: lines[0] ?? '', source: 'camera' });
  const generation = media?.generation ?? 0;
  await Promise.all(
    [one, other].map((client) => client.request('call_media_ready', { callId, generation, veiled: true })),
  );
  await eventually(() => node.parts.calls.get(callId)?.media.state === 'flowing');
  await rest(100);
  expect(node.parts.calls.get(callId)?.media).toMatchObject({ state: 'flowing' });
  one.close();
  other.close();
});

test('V1 when a line is rejected in a call, the call waits for a new one', async () => {
  const [one, other, callId] = await meet('video');
  expect(await codeOf(one.request('line_open', { rtpCapabilities: { codecs: [] } }))).toBe('line_refused');
  expect(node.parts.calls.get(callId)?.media.state).toBe('awaiting_lines');
  one.close();
  other.close();
});

test('S4 an offer that was made while a peer was away is made again when the peer is back', async () => {
  const [one, other, callId] = await meet('video');
  other.drop();
  await one.next('partner_reconnecting');
  await line(one);
  await one.next('call_media');
  const back = await join(other.handshake.resumeToken);
  expect((await back.next('call_media')).callId).toBe(callId);
  one.close();
  back.close();
});

test('R1 [R1.1] a reporter counts once per call', async () => {
  const [one, other, callId] = await meet();
  const first = await one.request('report_user', { callId, type: 'spam', words: 'one' });
  expect(await one.request('report_user', { callId, type: 'spam', words: 'two' })).toEqual(first);
  expect((await other.request('report_user', { callId, type: 'spam' })).reportId).not.toBe(first.reportId);
  one.close();
  other.close();
});

test('S8 messages that pile up are rejected with a time to wait, not lost and not sent as a flood', async () => {
  const [one, other, callId] = await meet();
  const codes: string[] = [];
  for (let i = 0; i < 25; i += 1) {
    codes.push(
      await codeOf(one.request('chat_message', { callId, id: `m${i}`, text: 'x' })).catch(() => 'accepted'),
    );
  }
  const accepted = codes.filter((code) => code === 'accepted').length;
  expect(codes).toContain('rate_limited');
  await rest(100);
  expect(other.received.filter(({ event }) => event === 'chat_message')).toHaveLength(accepted);
  one.close();
  other.close();
});

test('S5 a flood of messages that would be accepted is closed as well', async () => {
  const client = await join();
  for (let i = 0; i < 1500; i += 1) client.send('media_state', { microphone: true, camera: i % 2 === 0 });
  expect(await client.untilClosed()).toMatchObject({ code: 4002 });
});

test('S5 an old protocol gets its code before it is closed', async () => {
  const old = await ProtocolClient.open(node.wsUrl);
  expect(await codeOf(old.request('hello', { protocol: 0 }))).toBe('protocol_outdated');
  expect(await old.untilClosed()).toMatchObject({ code: 4007 });
});

test('S5 a socket that sends nothing is closed when its time is over', async () => {
  const { Connection } = await import('../../src/signaling/connection');
  const { SIGNALING_LIMITS } = await import('../../src/signaling/limits');
  const { ManualClock } = await import('../support/manual-clock');
  const { EventEmitter } = await import('node:events');
  const clock = new ManualClock();
  const closes: number[] = [];
  const socket = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    pings: 0,
    close: (code: number) => closes.push(code),
    terminate: () => undefined,
    ping: () => undefined,
    send: () => undefined,
  });
  type Socket = ConstructorParameters<typeof Connection>[0];
  const owner = { handle: async () => ({}), left: () => undefined, reportError: () => undefined };
  const make = (): InstanceType<typeof Connection> =>
    new Connection(socket as unknown as Socket, owner, clock, SIGNALING_LIMITS);
  make();
  await clock.advance(SIGNALING_LIMITS.helloMs);
  expect(closes).toEqual([4001]);

  // S6: two unanswered pings, then closed; an answer in between counts.
  const alive = make();
  alive.ping();
  alive.ping();
  socket.emit('pong');
  alive.ping();
  alive.ping();
  expect(closes).toEqual([4001]);
  alive.ping();
  expect(closes).toEqual([4001, 4004]);

  // S5: messages to a slow reader do not pile up for ever.
  const slow = make();
  socket.bufferedAmount = SIGNALING_LIMITS.unsentBytes + 1;
  const searchingBy = { video: 0, audio: 0, text: 0 };
  slow.send({ event: 'stats', data: { total: 0, online: 0, searching: 0, searchingBy, connected: 0 } });
  expect(closes).toEqual([4001, 4004, 4003]);
});

test('O1 a rejected upgrade that is held half open does not keep a node from stopping', async () => {
  const other = await spawnNode();
  const { port } = new URL((await other.serving).replace('ws', 'http'));
  const raw = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  raw.on('error', () => undefined);
  raw.write('GET /nope HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await new Promise((resolve) => raw.once('data', resolve));
  other.child.kill('SIGTERM');
  expect(await other.ended).toBe(0);
  raw.destroy();
  await other.remove();
}, 20_000);
