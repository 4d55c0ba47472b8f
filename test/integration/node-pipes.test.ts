import { createWorker, type types } from 'mediasoup';
import type { PipedProducer } from '../../src/app/lines/media-node';
import { ROUTER_CODECS } from '../../src/media/codecs';
import { BridgeLeg } from '../../src/media/bridges/bridge-leg';
import { Line } from '../../src/media/line';
import { NodePipe } from '../../src/media/pipes/node-pipe';
import type { Source } from '../../src/protocol';
import { errorCodeOf, until } from '../support/media-nodes';
import { cameraRtp, microphoneRtp, receiver } from '../support/rtp';
import { keyFrameRequests, Vp8Packets } from '../support/rtp-packets';

const LOW = 1000;
const SOUND = 2000;

/** A router with a peer on it whose packets the test itself writes and reads. */
class Side {
  readonly keyFrames: number[] = [];
  readonly heard: Record<Source, number> = { camera: 0, microphone: 0 };
  readonly consumers: types.Consumer[] = [];
  readonly producers = new Map<Source, types.Producer>();

  private constructor(
    readonly worker: types.Worker,
    readonly router: types.Router,
    private readonly transport: types.DirectTransport,
  ) {
    transport.on('rtcp', (packet) => this.keyFrames.push(...keyFrameRequests(packet)));
  }

  static async open(): Promise<Side> {
    const workerBin = process.env['MEDIASOUP_WORKER_BIN'];
    const worker = await createWorker(workerBin === undefined ? {} : { workerBin });
    const router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
    return new Side(worker, router, await router.createDirectTransport());
  }

  async produce(): Promise<void> {
    for (const producer of this.producers.values()) producer.close();
    const camera = { kind: 'video', rtpParameters: cameraRtp(LOW), paused: true } as const;
    const microphone = { kind: 'audio', rtpParameters: microphoneRtp(SOUND), paused: true } as const;
    this.producers.set('camera', await this.transport.produce(camera));
    this.producers.set('microphone', await this.transport.produce(microphone));
  }

  send(source: Source, packet: Buffer): void {
    this.producers.get(source)?.send(packet);
  }

  /** A line as a bridge sees it, with the product's own rules of who may send. */
  get line(): Line {
    const stand = { producers: this.producers, consume: (id: string) => this.consume(id) };
    return Object.assign(Object.create(Line.prototype) as Line, stand);
  }

  private async consume(producerId: string): Promise<types.Consumer> {
    const consumer = await this.transport.consume({
      producerId,
      rtpCapabilities: receiver,
      paused: true,
      preferredLayers: { spatialLayer: 0 },
    });
    const source = consumer.kind === 'video' ? 'camera' : 'microphone';
    consumer.on('rtp', () => (this.heard[source] += 1));
    this.consumers.push(consumer);
    return consumer;
  }
}

let ann: Side;
let bob: Side;
const pipes: NodePipe[] = [];
beforeAll(async () => {
  [ann, bob] = await Promise.all([Side.open(), Side.open()]);
});
afterAll(() => [ann, bob].forEach(({ worker }) => worker.close()));
afterEach(() => pipes.splice(0).forEach((pipe) => pipe.close()));

const overTheWire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const silent = { unused: () => undefined, closed: () => undefined };

async function openEnd({ router }: Side): Promise<NodePipe> {
  const options = { id: 'pipe', node: 'other', router, address: { ip: '127.0.0.1' }, idleMs: 60_000 };
  const pipe = await NodePipe.open(options, silent);
  pipes.push(pipe);
  return pipe;
}

async function openPipe(key?: string): Promise<[NodePipe, NodePipe]> {
  const [near, far] = [await openEnd(ann), await openEnd(bob)];
  const { srtp, ...place } = overTheWire(near.ownEnd);
  await far.connect({ ...place, srtp: { ...srtp, keyBase64: key ?? srtp.keyBase64 } });
  await near.connect(overTheWire(far.ownEnd));
  return [near, far];
}

/** Both legs of a bridge in which Ann and Bob send, and Bob receives. */
async function bridged(key?: string): Promise<{ near: BridgeLeg; far: BridgeLeg }> {
  for (const side of [ann, bob]) {
    await side.produce();
    side.keyFrames.length = 0;
    side.consumers.length = 0;
    Object.assign(side.heard, { camera: 0, microphone: 0 });
  }
  const [nearPipe, farPipe] = await openPipe(key);
  const near = new BridgeLeg(1, ann.line, nearPipe, ['camera', 'microphone'], ignore);
  const far = new BridgeLeg(1, bob.line, farPipe, ['camera', 'microphone'], ignore);
  const wire = (piped: readonly PipedProducer[]): readonly PipedProducer[] => overTheWire(piped);
  await far.takeIn(wire(await near.pipeOut()));
  await near.takeIn(wire(await far.pipeOut()));
  return { near, far };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Writes frames for a while; the first one is a key frame where that is said. */
async function film(packets: Vp8Packets, frames: number, startsWithKey: boolean): Promise<void> {
  for (let frame = 0; frame < frames; frame += 1) {
    ann.send('camera', packets.next(startsWithKey && frame === 0));
    await pause(5);
  }
}

const keyFramesOf = (ssrc: number): number => ann.keyFrames.filter((one) => one === ssrc).length;

const ignore = (): void => undefined;

test('V8 [V1.1] media crosses the pipe once both legs are resumed, and key frames are requested at that moment only', async () => {
  const { near, far } = await bridged();
  expect(near.media.consumers).toHaveLength(2);
  const packets = new Vp8Packets(LOW, 96);
  await film(packets, 5, true);
  await near.resumeConsumers(false);
  await far.resumeConsumers(false);
  await film(packets, 5, true);
  await pause(50);
  expect(bob.heard).toEqual({ camera: 0, microphone: 0 });
  expect(ann.keyFrames).toEqual([]);
  await near.resumeProducers(false);
  await far.resumeProducers(false);
  await until(() => keyFramesOf(LOW) > 0);
  await pause(50);
  // mediasoup requests two at once: for the consumer that is resumed with the producer, and for the producer.
  const atOnce = keyFramesOf(LOW);
  await film(packets, 20, true);
  await until(() => bob.heard.camera === 20);
  // Longer than mediasoup takes to repeat a request that was not answered.
  await pause(1_200);
  expect(keyFramesOf(LOW)).toBe(atOnce);
  expect(bob.heard.microphone).toBe(0);
  near.close();
  far.close();
});

test('V8 what goes through the pipe is encrypted: an end with another key gets nothing out of it', async () => {
  const { near, far } = await bridged(Buffer.alloc(44, 7).toString('base64'));
  for (const leg of [near, far]) await leg.resumeConsumers(true);
  for (const leg of [near, far]) await leg.resumeProducers(true);
  await film(new Vp8Packets(LOW, 96), 20, true);
  await pause(50);
  expect(bob.heard).toEqual({ camera: 0, microphone: 0 });
  near.close();
  far.close();
});

test("V8 a receiver's request for a key frame reaches the sender over the pipe", async () => {
  const { near, far } = await bridged();
  for (const leg of [near, far]) await leg.resumeConsumers(true);
  for (const leg of [near, far]) await leg.resumeProducers(true);
  const packets = new Vp8Packets(LOW, 96);
  await film(packets, 10, true);
  await until(() => bob.heard.camera === 10);
  const before = keyFramesOf(LOW);
  await bob.consumers.find(({ kind }) => kind === 'video')?.requestKeyFrame();
  await until(() => keyFramesOf(LOW) === before + 1);
  near.close();
  far.close();
});

test('V8 the sound comes on later, while the picture flows on', async () => {
  const { near, far } = await bridged();
  for (const leg of [near, far]) await leg.resumeConsumers(false);
  for (const leg of [near, far]) await leg.resumeProducers(false);
  const sound = new Vp8Packets(SOUND, 111);
  ann.send('microphone', sound.next(false));
  await pause(50);
  expect(bob.heard.microphone).toBe(0);
  for (const leg of [near, far]) await leg.resumeConsumers(true);
  for (const leg of [near, far]) await leg.resumeProducers(true);
  ann.send('microphone', sound.next(false));
  await until(() => bob.heard.microphone === 1);
  near.close();
  far.close();
});

test("V8 [V1.5] the end of a call pauses the peer's producers, unless the next call has resumed them", async () => {
  await ann.produce();
  const [pipe] = await openPipe();
  const { line } = ann;
  const [first, second] = [1, 2].map(
    (generation) => new BridgeLeg(generation, line, pipe, ['camera'], ignore),
  );
  const camera = ann.producers.get('camera');
  for (const leg of [first, second]) {
    await leg?.pipeOut();
    await leg?.resumeProducers(true);
  }
  first?.close();
  await pause(20);
  expect(camera?.paused).toBe(false);
  second?.close();
  await until(() => camera?.paused === true);
});

test('V8 an end of a pipe with another cipher or half a key is rejected; one with a host name is not', async () => {
  const [near, far] = [await openEnd(ann), await openEnd(bob)];
  const { srtp, ...place } = far.ownEnd;
  const weak = { ...place, srtp: { ...srtp, cryptoSuite: 'AES_CM_128_HMAC_SHA1_80' } };
  expect(await errorCodeOf(near.connect(weak))).toBe('media_unavailable');
  expect(await errorCodeOf(near.connect({ ...place, srtp: { ...srtp, keyBase64: 'c2hvcnQ=' } }))).toMatch(
    /key length/,
  );
  await near.connect({ ...far.ownEnd, ip: 'localhost' });
});
