import fc from 'fast-check';
import { startNode, type TestNode } from '../support/node';
import { ProtocolClient, codeOf } from '../support/client';
import { cameraRtp, microphoneRtp, receiver } from '../support/rtp';

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ MEDIA_WORKERS: '1' });
});
afterAll(() => node.close());
afterEach(() => expect(node.parts.media.stats()).toMatchObject({ workersAlive: 1, workerDeaths: 0 }));

const join = (): Promise<ProtocolClient> => ProtocolClient.connect(node.wsUrl);

/** The node still works: two peers meet. */
async function stillWorks(): Promise<void> {
  const [one, other] = [await join(), await join()];
  await Promise.all([one.search(), other.search()]);
  await Promise.all([one.next('partner_found'), other.next('partner_found')]);
  one.close();
  other.close();
}

test('S1 S5 malformed, unknown and out-of-order frames each get their code, and the socket lives', async () => {
  const client = await join();
  const cases: [string, string][] = [
    ['nonsense', 'bad_json'],
    ['[]', 'bad_envelope'],
    ['{"event":5}', 'bad_envelope'],
    ['{"event":"toString"}', 'unknown_event'],
    ['{"event":"__proto__","data":{}}', 'unknown_event'],
    ['{"event":"find_partner","data":{"mode":"telepathy"}}', 'bad_data'],
    ['{"event":"find_partner","data":{"mode":"text","interests":[1]}}', 'bad_data'],
    ['{"event":"find_partner"}', 'bad_data'],
    ['{"event":"hello","data":{"protocol":1}}', 'already_greeted'],
    ['{"event":"cancel_search"}', 'not_searching'],
    ['{"event":"next_partner","data":{"callId":"x"}}', 'no_call'],
    ['{"event":"accept_partner","data":{"callId":"x"}}', 'no_call'],
    ['{"event":"call_media_ready","data":{"callId":"x","generation":1}}', 'no_call'],
    ['{"event":"block_user","data":{"callId":"x"}}', 'stale_call'],
    ['{"event":"line_ready","data":{"lineId":"x"}}', 'line_missing'],
  ];
  for (const [frame, code] of cases) {
    client.sendFrame(frame);
    expect([frame, (await client.next('error')).code]).toEqual([frame, code]);
  }
  client.sendFrame(Buffer.from([1, 2, 3]));
  expect((await client.next('error')).code).toBe('bad_json');
  expect(client.closed).toBeUndefined();
  expect(client.violations).toEqual([]);
  client.close();
});

test('S1 a reply echoes the id of its request, rejected or not', async () => {
  const client = await join();
  expect(await codeOf(client.request('chat_message', { callId: 'x', id: 'm', text: 'x' }))).toBe('no_call');
  expect(await codeOf(client.request('chat_message', { callId: 'x', id: 'm', text: ' '.repeat(5) }))).toBe(
    'bad_data',
  );
  expect(await codeOf(client.request('chat_message', { callId: 'x', id: 'm', text: 'x'.repeat(2001) }))).toBe(
    'bad_data',
  );
  client.close();
});

test('S5 before hello only hello is accepted; an old protocol is rejected', async () => {
  const silent = await ProtocolClient.open(node.wsUrl);
  silent.sendFrame('{"event":"find_partner","data":{"mode":"text","agreed":true}}');
  expect((await silent.next('error')).code).toBe('hello_first');
  silent.sendFrame('{"event":"hello","data":{"protocol":0}}');
  expect(await silent.untilClosed()).toMatchObject({ code: 4007 });
});

test('S5 a message over 64 KiB closes its socket with 1009', async () => {
  const client = await join();
  client.sendFrame(
    JSON.stringify({ event: 'chat_message', data: { callId: 'x', id: 'm', text: 'x'.repeat(70_000) } }),
  );
  expect(await client.untilClosed()).toMatchObject({ code: 1009 });
});

test('S5 a flood is answered with a code, then with closing', async () => {
  const client = await join();
  for (let i = 0; i < 600; i += 1) client.sendFrame('{"event":"typing","data":{"callId":"x","typing":true}}');
  expect(await client.untilClosed()).toMatchObject({ code: 4002 });
  expect(
    client.received.some(
      ({ event, data }) => event === 'error' && JSON.stringify(data).includes('rate_limited'),
    ),
  ).toBe(true);
});

test('S5 a socket from a strange origin is not let in, and another path is no socket', async () => {
  await expect(ProtocolClient.open(node.wsUrl, { origin: 'https://elsewhere.example' })).rejects.toThrow(
    '403',
  );
  await expect(ProtocolClient.open(node.wsUrl.replace('/ws', '/other'))).rejects.toThrow('404');
});

test('S5 sockets of one address are limited', async () => {
  const narrow = await startNode({ SOCKETS_PER_ADDRESS: '2', MEDIA_WORKERS: '1' });
  try {
    const two = [await ProtocolClient.connect(narrow.wsUrl), await ProtocolClient.connect(narrow.wsUrl)];
    const third = await ProtocolClient.open(narrow.wsUrl);
    expect(await third.untilClosed()).toMatchObject({ code: 4005 });
    two[0]?.close();
    await two[0]?.untilClosed();
    await ProtocolClient.connect(narrow.wsUrl);
  } finally {
    await narrow.close();
  }
});

test('V1 media parameters that make no sense are rejected with a code', async () => {
  const client = await join();
  const { lineId } = await client.request('line_open', { rtpCapabilities: receiver });
  const video = { lineId, source: 'camera', kind: 'video' } as const;
  const camera = cameraRtp();
  const domainErrors = [
    client.request('line_produce', { ...video, kind: 'audio', rtpParameters: microphoneRtp() }),
    client.request('line_produce', {
      ...video,
      rtpParameters: { ...camera, codecs: microphoneRtp().codecs },
    }),
    client.request('line_produce', {
      ...video,
      rtpParameters: { ...camera, encodings: [{ ssrc: 1 }, { ssrc: 1 }] },
    }),
    client.request('line_produce', {
      ...video,
      rtpParameters: { codecs: camera.codecs, encodings: [{ rid: 'nope' }] },
    }),
    client.request('line_connect', {
      lineId,
      direction: 'send',
      dtlsParameters: {
        role: 'server',
        fingerprints: [{ algorithm: 'sha-256', value: '00:'.repeat(19) + '00' }],
      },
    }),
  ];
  const codes = await Promise.all(domainErrors.map((request) => codeOf(request).catch(() => 'accepted')));
  expect(codes.slice(0, 2)).toEqual(['line_refused', 'line_refused']);
  for (const code of codes) expect(['line_refused', 'accepted']).toContain(code);
  expect(await codeOf(client.request('line_open', { rtpCapabilities: { codecs: [] } }))).toBe('line_refused');
  client.close();
  await stillWorks();
});

test('V1 [S1.2] fuzz: whatever rtpParameters and dtlsParameters say, the answer is coded and the worker lives', async () => {
  const strange = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.integer(),
    fc.double(),
    fc.constant(null),
    fc.boolean(),
  );
  const number = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 130 }));
  const rtp = fc.record({
    mid: fc.oneof(fc.string({ maxLength: 300 }), fc.constant('0')),
    codecs: fc.array(
      fc.record({
        mimeType: fc.constantFrom('video/VP8', 'video/rtx', 'audio/opus', 'video/H264', 'x', ''),
        payloadType: fc.integer({ min: 0, max: 127 }),
        clockRate: fc.constantFrom(90_000, 48_000, 0, 1),
        parameters: fc.dictionary(fc.constantFrom('apt', 'x', 'useinbandfec'), strange),
        rtcpFeedback: fc.array(fc.record({ type: fc.constantFrom('nack', 'ccm', 'x') }), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    headerExtensions: fc.array(
      fc.record({
        uri: fc.constantFrom('urn:ietf:params:rtp-hdrext:sdes:mid', 'urn:3gpp:video-orientation', 'x'),
        id: fc.integer({ min: 0, max: 300 }),
      }),
      { maxLength: 4 },
    ),
    encodings: fc.array(
      fc.record(
        {
          ssrc: number,
          rid: fc.string({ maxLength: 12 }),
          rtx: fc.record({ ssrc: number }),
          codecPayloadType: fc.integer({ min: 0, max: 127 }),
          dtx: fc.boolean(),
          maxBitrate: number,
          scalabilityMode: fc.constantFrom('S1T3', 'L3T3', 'zzz', ''),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 5 },
    ),
  });
  const dtls = fc.record({
    role: fc.constantFrom('auto', 'client', 'server', 'nobody'),
    fingerprints: fc.array(
      fc.record({
        algorithm: fc.constantFrom('sha-256', 'sha-1', 'md5'),
        value: fc.constantFrom('', 'zz', `${'AB:'.repeat(31)}CD`, `${'AB:'.repeat(19)}CD`),
      }),
      { maxLength: 3 },
    ),
  });
  const codes = new Set<string>();
  let client = await join();
  let { lineId } = await client.request('line_open', { rtpCapabilities: receiver });
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(rtp, dtls, fc.boolean(), async (rtpParameters, dtlsParameters, camera) => {
      if ((sent += 2) > 90) {
        // Within the pace of one socket.
        client.close();
        client = await join();
        ({ lineId } = await client.request('line_open', { rtpCapabilities: receiver }));
        sent = 2;
      }
      const [source, kind] = camera ? (['camera', 'video'] as const) : (['microphone', 'audio'] as const);
      const request = { lineId, source, kind, rtpParameters } as Parameters<
        typeof client.request<'line_produce'>
      >[1];
      const connect = { lineId, direction: camera ? 'send' : 'receive', dtlsParameters };
      codes.add(await codeOf(client.request('line_produce', request)).catch(() => 'accepted'));
      codes.add(
        await codeOf(
          client.request('line_connect', connect as Parameters<typeof client.request<'line_connect'>>[1]),
        ).catch(() => 'accepted'),
      );
    }),
    { numRuns: 400 },
  );
  for (const code of codes) expect(['bad_data', 'line_refused', 'accepted']).toContain(code);
  expect(codes).toContain('line_refused');
  client.close();
  await stillWorks();
}, 60_000);

test('S1 [S1.2] fuzz: whatever a frame holds, the answer is coded and the process stays up', async () => {
  let client = await join();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.json({ maxDepth: 4 }), fc.string(), fc.string({ unit: 'binary' })),
      async (text) => {
        if (!client.isOpen) client = await join();
        client.sendFrame(text);
        const reply = await Promise.race([
          client.next('error').then(({ code }) => code),
          client.untilClosed().then(({ code }) => code),
        ]);
        expect(reply).not.toBe('internal');
      },
    ),
    { numRuns: 90 },
  );
  client.close();
  await stillWorks();
}, 60_000);

test('V1 a client that never answers: the partner is put back with its waiting time', async () => {
  const [mute, honest] = [await join(), await join()];
  for (const client of [mute, honest]) {
    const { lineId } = await client.request('line_open', { rtpCapabilities: receiver });
    await client.request('line_produce', {
      lineId,
      source: 'camera',
      kind: 'video',
      rtpParameters: cameraRtp(),
    });
    await client.request('line_ready', { lineId });
  }
  await Promise.all([mute.search({ mode: 'video' }), honest.search({ mode: 'video' })]);
  const { callId, media } = await honest.next('partner_found');
  await honest.next('waiting_for_partner');
  await honest.request('call_media_ready', { callId, generation: media?.generation ?? 0, veiled: true });
  expect(await honest.next('partner_disconnected', undefined, 10_000)).toEqual({
    callId,
    reason: 'media_failed',
  });
  expect((await honest.next('waiting_for_partner')).waitedMs).toBeGreaterThan(5_000);
  expect((await mute.next('error')).code).toBe('media_unavailable');
  for (const client of [mute, honest]) client.close();
}, 20_000);
