import pino from 'pino';
import { startMediasoupNode } from '../../src/media';
import type { MediasoupNode } from '../../src/media/mediasoup-node';
import { DomainError } from '../../src/domain/error';
import type { CallMedia, Source } from '../../src/protocol';
import { cameraRtp, microphoneRtp, receiver } from '../support/rtp';

let unit: MediasoupNode;
const lost: string[] = [];
beforeAll(async () => {
  const workerBin = process.env['MEDIASOUP_WORKER_BIN'];
  unit = await startMediasoupNode(
    { ip: '127.0.0.1', port: 0, workers: 2, ...(workerBin === undefined ? {} : { workerBin }) },
    pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
  );
  unit.on({ lineLost: ({ peerId }) => void lost.push(peerId) });
});
afterAll(() => unit.close());
afterEach(() => {
  for (const line of unit.hostedLines()) unit.closeLine(line);
  expect(unit.stats()).toMatchObject({ lines: 0, bridges: 0, producers: 0, consumers: 0, pipes: 0 });
});

const BOTH = ['microphone', 'camera'] as const;

let generation = 0;
async function join(
  callId: string,
  peerIds: [string, string],
  sources: readonly Source[] = BOTH,
): Promise<ReadonlyMap<string, CallMedia>> {
  generation += 1;
  return create({ callId, generation, sources: [...sources], peerIds });
}

async function create(
  request: Omit<Parameters<MediasoupNode['createBridge']>[0], 'other'>,
): Promise<ReadonlyMap<string, CallMedia>> {
  return new Map((await unit.createBridge({ ...request, other: null })).media);
}

async function start(callId: string, of: CallMedia | undefined, sound: boolean): Promise<void> {
  const about = { callId, generation: of?.generation ?? 0, sound };
  await unit.resumeConsumers(about);
  await unit.resumeProducers(about);
}

const closeBridge = (callId: string, upTo = generation): void =>
  unit.closeBridge({ callId, generation: upTo });

async function ready(peerId: string): Promise<string> {
  const request = { peerId, gateway: 'here', rtpCapabilities: receiver, maxKbps: 2000 };
  const { lineId } = await unit.openLine(request);
  const line = { peerId, lineId };
  await unit.produce({ ...line, source: 'camera', kind: 'video', rtpParameters: cameraRtp() });
  await unit.produce({ ...line, source: 'microphone', kind: 'audio', rtpParameters: microphoneRtp() });
  await unit.markReady(line);
  return lineId;
}

async function domainError(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => 'accepted',
    (error: unknown) => (error instanceof DomainError ? error.code : `not a refusal: ${String(error)}`),
  );
}

test('V1 V2 lines are spread over the workers, and a call joins lines on two workers through pipes', async () => {
  await ready('ann');
  await ready('bob');
  const media = await join('call', ['ann', 'bob']);
  expect(
    media
      .get('ann')
      ?.consumers.map(({ source }) => source)
      .sort(),
  ).toEqual(['camera', 'microphone']);
  expect(unit.stats()).toMatchObject({ lines: 2, bridges: 1, consumers: 4, pipes: 4 });
  await start('call', media.get('ann'), true);
  closeBridge('call');
  expect(unit.stats()).toMatchObject({ lines: 2, bridges: 0, consumers: 0, pipes: 0, producers: 4 });
});

test('V1 the lines are kept over next: the same producers are joined to somebody else', async () => {
  await ready('ann');
  await ready('bob');
  await ready('eve');
  for (let round = 0; round < 20; round += 1) {
    const partner = round % 2 === 0 ? 'bob' : 'eve';
    const media = await join(`call-${round}`, ['ann', partner]);
    expect(media.get('ann')?.consumers).toHaveLength(2);
    await start(`call-${round}`, media.get('ann'), true);
    closeBridge(`call-${round}`);
  }
  expect(unit.stats()).toMatchObject({ lines: 3, producers: 6, consumers: 0, pipes: 0 });
});

test('V3 pictures come in two layers, sound with error correction and silence left out', async () => {
  await ready('ann');
  await ready('bob');
  const media = await join('call', ['ann', 'bob']);
  const [camera] = media.get('ann')?.consumers.filter(({ source }) => source === 'camera') ?? [];
  expect(camera?.rtpParameters.encodings?.[0]?.scalabilityMode).toMatch(/^[LS]2T/);
  const opus = unit.routerRtpCapabilities.codecs?.find(({ mimeType }) => mimeType === 'audio/opus');
  expect(opus?.parameters).toMatchObject({ useinbandfec: 1, usedtx: 1 });
  closeBridge('call');
});

test('V1 a voice call carries nobody’s camera', async () => {
  await ready('ann');
  await ready('bob');
  const media = await join('call', ['ann', 'bob'], ['microphone']);
  expect(media.get('bob')?.consumers.map(({ source }) => source)).toEqual(['microphone']);
  closeBridge('call');
});

test('V2 [V2.1] a worker that dies is replaced within a second; only its own lines are lost', async () => {
  await ready('ann');
  await ready('bob');
  const before = unit.stats().workerDeaths;
  const [victim] = unit.workerPids();
  const started = Date.now();
  process.kill(victim ?? 0, 'SIGKILL');
  while (unit.stats().workersAlive === 2 && Date.now() - started < 5_000)
    await new Promise((r) => setTimeout(r, 2));
  while (unit.stats().workersAlive < 2 && Date.now() - started < 5_000)
    await new Promise((r) => setTimeout(r, 5));
  expect(Date.now() - started).toBeLessThan(1_000);
  expect(unit.stats()).toMatchObject({ workersAlive: 2, workerDeaths: before + 1, lines: 1 });
  expect(lost).toHaveLength(1);
  const [name] = lost;
  await ready(name ?? '');
  const media = await join('call', ['ann', 'bob']);
  expect(media.get('ann')?.consumers).toHaveLength(2);
  closeBridge('call');
});

test('V1 forged line ids and lines of others are refused', async () => {
  const lineId = await ready('ann');
  await ready('bob');
  expect(
    await domainError((async () => unit.restartIce({ peerId: 'bob', lineId, direction: 'send' }))()),
  ).toBe('line_missing');
  expect(await domainError((async () => unit.unproduce({ peerId: 'bob', lineId, source: 'camera' }))())).toBe(
    'line_missing',
  );
  unit.closeLine({ peerId: 'bob', lineId });
  expect(unit.stats().lines).toBe(2);
  expect(await domainError(join('call', ['ann', 'nobody']))).toBe('line_missing');
});

test('V1 two joinings of one call at once: the later one stands and nothing of the other is left', async () => {
  await ready('ann');
  await ready('bob');
  const results = await Promise.allSettled([
    join('call', ['ann', 'bob']),
    join('call', ['ann', 'bob']),
    join('call', ['ann', 'bob']),
  ]);
  expect(results.at(-1)?.status).toBe('fulfilled');
  expect(unit.stats()).toMatchObject({ bridges: 1, consumers: 4 });
  closeBridge('call');
});

test('V1 [V1.4] whoever is joined for another call is seen by nobody of the one before, though nobody parted it', async () => {
  for (const peerId of ['ann', 'bob', 'eve']) await ready(peerId);
  await start('call', (await join('call', ['ann', 'bob'])).get('ann'), true);
  await start('next', (await join('next', ['ann', 'eve'])).get('ann'), true);
  expect(unit.stats()).toMatchObject({ lines: 3, bridges: 1, consumers: 4 });
  closeBridge('next');
});

test('V1 a joining ends with one of its lines, though nobody parts it', async () => {
  await ready('ann');
  await ready('bob');
  await join('call', ['ann', 'bob']);
  for (const line of unit.hostedLines()) if (line.peerId === 'ann') unit.closeLine(line);
  expect(unit.stats()).toMatchObject({ lines: 1, bridges: 0, consumers: 0, pipes: 0 });
});

test('V1 [V1.3] a request of an older generation is refused, and one for another generation changes nothing', async () => {
  await ready('ann');
  await ready('bob');
  const media = await join('call', ['ann', 'bob']);
  const stale = { callId: 'call', generation: generation - 1 };
  expect(await domainError(create({ ...stale, sources: [...BOTH], peerIds: ['ann', 'bob'] }))).toBe(
    'line_missing',
  );
  await unit.resumeConsumers({ ...stale, sound: true });
  unit.closeBridge(stale);
  expect(unit.stats()).toMatchObject({ bridges: 1, consumers: 4 });
  closeBridge('call', media.get('ann')?.generation);
  expect(unit.stats()).toMatchObject({ bridges: 0, consumers: 0 });
});

test('V1 the life of producers and bridges is told to whoever records or measures them', async () => {
  const told: string[] = [];
  unit.on({
    producerAdded: ({ peerId, source }) => void told.push(`added ${peerId} ${source}`),
    producerResumed: ({ peerId, source }) => void told.push(`resumed ${peerId} ${source}`),
    producerPaused: ({ peerId, source }) => void told.push(`paused ${peerId} ${source}`),
    producerClosed: ({ peerId, source }) => void told.push(`closed ${peerId} ${source}`),
    bridgeFlowing: (callId) => void told.push(`flowing ${callId}`),
    bridgeEnded: (callId) => void told.push(`ended ${callId}`),
  });
  await ready('ann');
  await ready('bob');
  expect(told.splice(0)).toEqual([
    'added ann camera',
    'added ann microphone',
    'added bob camera',
    'added bob microphone',
  ]);
  await start('call', (await join('call', ['ann', 'bob'], ['microphone'])).get('ann'), true);
  expect(told.splice(0).sort()).toEqual(['flowing call', 'resumed ann microphone', 'resumed bob microphone']);
  closeBridge('call');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const pausedBoth = ['ann', 'bob'].flatMap((id) => [`paused ${id} microphone`]);
  expect(told.splice(0)).toEqual(expect.arrayContaining(['ended call', ...pausedBoth]));
  for (const line of unit.hostedLines()) unit.closeLine(line);
  expect(told.splice(0).filter((one) => one.startsWith('closed'))).toHaveLength(4);
});
