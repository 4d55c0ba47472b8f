import pino from 'pino';
import { startMediasoupNode } from '../../src/media';
import type { MediasoupNode } from '../../src/media/mediasoup-node';
import { DomainError } from '../../src/domain/error';
import type { CallMedia, Source } from '../../src/protocol';
import { cameraRtp, microphoneRtp, receiver } from '../support/rtp';

let node: MediasoupNode;
const lost: string[] = [];
beforeAll(async () => {
  const workerBin = process.env['MEDIASOUP_WORKER_BIN'];
  node = await startMediasoupNode(
    { ip: '127.0.0.1', port: 0, workers: 2, ...(workerBin === undefined ? {} : { workerBin }) },
    pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
  );
  node.on({ lineLost: ({ peerId }) => void lost.push(peerId) });
});
afterAll(() => node.close());
afterEach(() => {
  for (const line of node.hostedLines()) node.closeLine(line);
  expect(node.stats()).toMatchObject({ lines: 0, bridges: 0, producers: 0, consumers: 0, pipes: 0 });
});

const BOTH = ['microphone', 'camera'] as const;

let generation = 0;
async function bridge(
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
  return new Map((await node.createBridge({ ...request, other: null })).media);
}

async function start(callId: string, of: CallMedia | undefined, isOpen: boolean): Promise<void> {
  const about = { callId, generation: of?.generation ?? 0, isOpen };
  await node.resumeConsumers(about);
  await node.resumeProducers(about);
}

const closeBridge = (callId: string, upTo = generation): void =>
  node.closeBridge({ callId, generation: upTo });

async function ready(peerId: string): Promise<string> {
  const request = { peerId, gateway: 'here', rtpCapabilities: receiver, maxKbps: 2000 };
  const { lineId } = await node.openLine(request);
  const line = { peerId, lineId };
  await node.produce({ ...line, source: 'camera', kind: 'video', rtpParameters: cameraRtp() });
  await node.produce({ ...line, source: 'microphone', kind: 'audio', rtpParameters: microphoneRtp() });
  await node.markReady(line);
  return lineId;
}

async function errorCodeOf(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => 'accepted',
    (error: unknown) => (error instanceof DomainError ? error.code : `not a DomainError: ${String(error)}`),
  );
}

test('V1 V2 lines are spread over the workers, and a call bridges lines on two workers through pipes', async () => {
  await ready('ann');
  await ready('bob');
  const media = await bridge('call', ['ann', 'bob']);
  expect(
    media
      .get('ann')
      ?.consumers.map(({ source }) => source)
      .sort(),
  ).toEqual(['camera', 'microphone']);
  expect(node.stats()).toMatchObject({ lines: 2, bridges: 1, consumers: 4, pipes: 4 });
  await start('call', media.get('ann'), true);
  closeBridge('call');
  expect(node.stats()).toMatchObject({ lines: 2, bridges: 0, consumers: 0, pipes: 0, producers: 4 });
});

test('V1 the lines are kept over next: the same producers are bridged to another partner', async () => {
  await ready('ann');
  await ready('bob');
  await ready('eve');
  for (let round = 0; round < 20; round += 1) {
    const partner = round % 2 === 0 ? 'bob' : 'eve';
    const media = await bridge(`call-${round}`, ['ann', partner]);
    expect(media.get('ann')?.consumers).toHaveLength(2);
    await start(`call-${round}`, media.get('ann'), true);
    closeBridge(`call-${round}`);
  }
  expect(node.stats()).toMatchObject({ lines: 3, producers: 6, consumers: 0, pipes: 0 });
});

test('V3 pictures come in two layers, sound with error correction and silence left out', async () => {
  await ready('ann');
  await ready('bob');
  const media = await bridge('call', ['ann', 'bob']);
  const [camera] = media.get('ann')?.consumers.filter(({ source }) => source === 'camera') ?? [];
  expect(camera?.rtpParameters.encodings?.[0]?.scalabilityMode).toMatch(/^[LS]2T/);
  const opus = node.routerRtpCapabilities.codecs?.find(({ mimeType }) => mimeType === 'audio/opus');
  expect(opus?.parameters).toMatchObject({ useinbandfec: 1, usedtx: 1 });
  closeBridge('call');
});

test('V1 a voice call carries no camera', async () => {
  await ready('ann');
  await ready('bob');
  const media = await bridge('call', ['ann', 'bob'], ['microphone']);
  expect(media.get('bob')?.consumers.map(({ source }) => source)).toEqual(['microphone']);
  closeBridge('call');
});

test('V2 [V2.1] a worker that dies is replaced within a second; only its own lines are lost', async () => {
  await ready('ann');
  await ready('bob');
  const before = node.stats().workerDeaths;
  const [victim] = node.workerPids();
  const started = Date.now();
  process.kill(victim ?? 0, 'SIGKILL');
  while (node.stats().workersAlive === 2 && Date.now() - started < 5_000)
    await new Promise((r) => setTimeout(r, 2));
  while (node.stats().workersAlive < 2 && Date.now() - started < 5_000)
    await new Promise((r) => setTimeout(r, 5));
  expect(Date.now() - started).toBeLessThan(1_000);
  expect(node.stats()).toMatchObject({ workersAlive: 2, workerDeaths: before + 1, lines: 1 });
  expect(lost).toHaveLength(1);
  const [name] = lost;
  await ready(name ?? '');
  const media = await bridge('call', ['ann', 'bob']);
  expect(media.get('ann')?.consumers).toHaveLength(2);
  closeBridge('call');
});

test('V1 forged line ids and lines of other peers are rejected', async () => {
  const lineId = await ready('ann');
  await ready('bob');
  expect(
    await errorCodeOf((async () => node.restartIce({ peerId: 'bob', lineId, direction: 'send' }))()),
  ).toBe('line_missing');
  // Notifications about a line that is not there change nothing.
  node.unproduce({ peerId: 'bob', lineId, source: 'camera' });
  node.closeLine({ peerId: 'bob', lineId });
  expect(node.stats().lines).toBe(2);
  await bridge('call', ['ann', 'bob']);
  expect(node.stats().consumers).toBe(4);
  expect(await errorCodeOf(bridge('call', ['ann', 'nobody']))).toBe('line_missing');
});

test('V1 two concurrent bridges of one call: the later one stays and nothing of the other is left', async () => {
  await ready('ann');
  await ready('bob');
  const results = await Promise.allSettled([
    bridge('call', ['ann', 'bob']),
    bridge('call', ['ann', 'bob']),
    bridge('call', ['ann', 'bob']),
  ]);
  expect(results.at(-1)?.status).toBe('fulfilled');
  expect(node.stats()).toMatchObject({ bridges: 1, consumers: 4 });
  closeBridge('call');
});

test('V1 [V1.4] a line bridged for another call is no longer seen in the call before, though that bridge was not closed', async () => {
  for (const peerId of ['ann', 'bob', 'eve']) await ready(peerId);
  await start('call', (await bridge('call', ['ann', 'bob'])).get('ann'), true);
  await start('next', (await bridge('next', ['ann', 'eve'])).get('ann'), true);
  expect(node.stats()).toMatchObject({ lines: 3, bridges: 1, consumers: 4 });
  closeBridge('next');
});

test('V1 a bridge ends with one of its lines, without a request to close it', async () => {
  await ready('ann');
  await ready('bob');
  await bridge('call', ['ann', 'bob']);
  for (const line of node.hostedLines()) if (line.peerId === 'ann') node.closeLine(line);
  expect(node.stats()).toMatchObject({ lines: 1, bridges: 0, consumers: 0, pipes: 0 });
});

test('V1 [V1.3] a request of an older generation is rejected, and one for another generation changes nothing', async () => {
  await ready('ann');
  await ready('bob');
  const media = await bridge('call', ['ann', 'bob']);
  const stale = { callId: 'call', generation: generation - 1 };
  expect(await errorCodeOf(create({ ...stale, sources: [...BOTH], peerIds: ['ann', 'bob'] }))).toBe(
    'line_missing',
  );
  await node.resumeConsumers({ ...stale, isOpen: true });
  node.closeBridge(stale);
  expect(node.stats()).toMatchObject({ bridges: 1, consumers: 4 });
  closeBridge('call', media.get('ann')?.generation);
  expect(node.stats()).toMatchObject({ bridges: 0, consumers: 0 });
});

test('V1 events of producers and bridges reach the listeners that record or measure them', async () => {
  const events: string[] = [];
  node.on({
    producerAdded: ({ peerId, source }) => void events.push(`added ${peerId} ${source}`),
    producerResumed: ({ peerId, source }) => void events.push(`resumed ${peerId} ${source}`),
    producerPaused: ({ peerId, source }) => void events.push(`paused ${peerId} ${source}`),
    producerClosed: ({ peerId, source }) => void events.push(`closed ${peerId} ${source}`),
    bridgeFlowing: (callId) => void events.push(`flowing ${callId}`),
    bridgeEnded: (callId) => void events.push(`ended ${callId}`),
  });
  await ready('ann');
  await ready('bob');
  expect(events.splice(0)).toEqual([
    'added ann camera',
    'added ann microphone',
    'added bob camera',
    'added bob microphone',
  ]);
  const media = (await bridge('call', ['ann', 'bob'], ['microphone'])).get('ann');
  await start('call', media, false);
  // Sound is added to a bridge that flows already.
  await start('call', media, true);
  expect(events.splice(0).sort()).toEqual([
    'flowing call',
    'resumed ann microphone',
    'resumed bob microphone',
  ]);
  closeBridge('call');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const pausedBoth = ['ann', 'bob'].flatMap((id) => [`paused ${id} microphone`]);
  expect(events.splice(0)).toEqual(expect.arrayContaining(['ended call', ...pausedBoth]));
  for (const line of node.hostedLines()) node.closeLine(line);
  expect(events.splice(0).filter((one) => one.startsWith('closed'))).toHaveLength(4);
});
