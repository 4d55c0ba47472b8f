import type { CallMedia } from '../../src/protocol';
import {
  BOTH,
  readyLine,
  errorCodeOf,
  startMediaNode,
  until,
  WireNode,
  type TestMediaNode,
} from '../support/media-nodes';

/** Longer than a round of a test takes on a busy machine. */
const IDLE_MS = 1_500;
let here: TestMediaNode;
let there: TestMediaNode;
let wire: WireNode;
beforeAll(async () => {
  here = await startMediaNode('here', 1, IDLE_MS);
  there = await startMediaNode('there', 2, IDLE_MS);
});
beforeEach(() => {
  wire = new WireNode(there);
  here.media.useNodes(() => wire);
});
afterEach(async () => {
  for (const { media } of [here, there]) for (const line of media.hostedLines()) media.closeLine(line);
  for (const node of [here, there]) {
    expect(node.media.stats()).toMatchObject({ lines: 0, bridges: 0, producers: 0, consumers: 0, pipes: 0 });
    node.linesLost.length = 0;
    node.pipesLost.length = 0;
    node.broken.length = 0;
  }
  await until(() => here.media.stats().nodePipes === 0 && there.media.stats().nodePipes === 0);
});
afterAll(() => Promise.all([here.media.close(), there.media.close()]));

let generation = 0;

interface Pair {
  readonly one?: string;
  readonly other?: string;
  readonly router: string;
}

/** Bridges a line of the one node and a line of the other. */
async function bridge(
  callId: string,
  { one = 'ann', other = 'bob', router }: Pair,
  sources = BOTH,
): Promise<ReadonlyMap<string, CallMedia>> {
  generation += 1;
  const { media } = await here.media.createBridge({
    ...{ callId, generation, sources: [...sources] },
    peerIds: [one, other],
    other: { node: there.name, router },
  });
  return new Map(media);
}

async function flow(callId: string, of: CallMedia | undefined, isOpen: boolean): Promise<void> {
  const about = { callId, generation: of?.generation ?? 0, isOpen };
  const nodes = [here.media, there.media];
  for (const media of nodes) await media.resumeConsumers(about);
  for (const media of nodes) await media.resumeProducers(about);
}

function closeBridge(callId: string, upTo = generation): void {
  for (const { media } of [here, there]) media.closeBridge({ callId, generation: upTo });
}

const sourcesOf = (media?: CallMedia): string[] =>
  (media?.consumers ?? []).map(({ source }) => source).sort();

async function annAndBob(): Promise<Pair> {
  await readyLine(here, 'ann');
  return { router: await readyLine(there, 'bob') };
}

test('V8 two lines on two nodes are bridged through one pipe, and closing the bridge leaves only the pipe', async () => {
  const media = await bridge('call', await annAndBob());
  expect(sourcesOf(media.get('ann'))).toEqual(['camera', 'microphone']);
  expect(sourcesOf(media.get('bob'))).toEqual(['camera', 'microphone']);
  expect(media.get('ann')?.generation).toBe(media.get('bob')?.generation);
  for (const { media } of [here, there])
    expect(media.stats()).toMatchObject({ bridges: 1, consumers: 2, pipes: 4, nodePipes: 1 });
  await flow('call', media.get('ann'), false);
  await flow('call', media.get('ann'), true);
  closeBridge('call');
  for (const { media } of [here, there])
    expect(media.stats()).toMatchObject({
      lines: 1,
      producers: 2,
      bridges: 0,
      consumers: 0,
      pipes: 0,
      nodePipes: 1,
    });
});

test('V8 a voice call over nodes carries no camera', async () => {
  const media = await bridge('call', await annAndBob(), ['microphone']);
  expect([...media.values()].map(sourcesOf)).toEqual([['microphone'], ['microphone']]);
  closeBridge('call');
});

test('V8 a peer that cannot receive video gets the sound, and the partner sends no video', async () => {
  await readyLine(here, 'ann');
  const { lineId, router } = await there.media.openLine({
    ...{ peerId: 'bob', gateway: 'any' },
    rtpCapabilities: soundOnly,
    maxKbps: 500,
  });
  await there.media.markReady({ peerId: 'bob', lineId });
  const media = await bridge('call', { router });
  expect(sourcesOf(media.get('bob'))).toEqual(['microphone']);
  expect(here.media.stats()).toMatchObject({ consumers: 0, pipes: 1 });
  closeBridge('call');
});

const soundOnly = {
  codecs: [
    {
      kind: 'audio' as const,
      mimeType: 'audio/opus',
      preferredPayloadType: 100,
      clockRate: 48_000,
      channels: 2,
    },
  ],
  headerExtensions: [],
};

test('V8 calls between the same two routers share a pipe, however many begin at once; idle, it is closed at both ends', async () => {
  const names = Array.from({ length: 6 }, (_, index) => index);
  for (const index of names) await readyLine(here, `ann-${index}`);
  const routers: string[] = [];
  for (const index of names) routers.push(await readyLine(there, `bob-${index}`));
  expect(new Set(routers).size).toBe(2);
  await Promise.all(
    routers.map((router, index) =>
      bridge(`call-${index}`, { one: `ann-${index}`, other: `bob-${index}`, router }),
    ),
  );
  expect(wire.requests.filter((request) => request === 'openPipe')).toHaveLength(2);
  for (const { media } of [here, there])
    expect(media.stats()).toMatchObject({ bridges: 6, consumers: 12, pipes: 24, nodePipes: 2 });
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS * 3));
  for (const { media } of [here, there]) expect(media.stats()).toMatchObject({ pipes: 24, nodePipes: 2 });
  for (const index of names) closeBridge(`call-${index}`);
  await until(() => here.media.stats().nodePipes === 0 && there.media.stats().nodePipes === 0);
  expect([...here.pipesLost, ...there.pipesLost]).toEqual([]);
});

test('V8 next, 20 times in a row: the lines stay, the pipe stays, nothing piles up', async () => {
  await readyLine(here, 'ann');
  const router = { bob: await readyLine(there, 'bob'), eve: await readyLine(there, 'eve') };
  for (let round = 0; round < 20; round += 1) {
    const other = round % 2 === 0 ? 'bob' : 'eve';
    const media = await bridge(`call-${round}`, { other, router: router[other] });
    expect(media.get('ann')?.consumers).toHaveLength(2);
    await flow(`call-${round}`, media.get('ann'), true);
    closeBridge(`call-${round}`);
  }
  expect(wire.requests.filter((request) => request === 'openPipe')).toHaveLength(2);
  expect(here.media.stats()).toMatchObject({ producers: 2, consumers: 0, pipes: 0, nodePipes: 2 });
});

test('V8 a new bridge of the same call replaces the old one on both nodes', async () => {
  const pair = await annAndBob();
  for (let round = 0; round < 3; round += 1) await bridge('call', pair);
  const results = await Promise.allSettled([
    bridge('call', pair),
    bridge('call', pair),
    bridge('call', pair),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  for (const { media } of [here, there])
    expect(media.stats()).toMatchObject({ bridges: 1, consumers: 2, pipes: 4 });
  closeBridge('call');
});

test('V8 [V1.3] an older generation is rejected on the requested node, and changes nothing there', async () => {
  const pair = await annAndBob();
  const held = holdUp('createBridgeLeg');
  const old = bridge('call', pair);
  const rejection = errorCodeOf(old);
  await held.arrived;
  // The newer bridge request overtakes the older one.
  wire.before = () => Promise.resolve();
  const media = await bridge('call', pair);
  held.letGo();
  expect(await rejection).toBe('line_missing');
  // The sweep after the failure leaves the newer one alone.
  closeBridge('call', generation - 1);
  for (const { media } of [here, there])
    expect(media.stats()).toMatchObject({ bridges: 1, consumers: 2, pipes: 4 });
  expect(media.get('bob')?.generation).toBe(generation);
  await flow('call', media.get('bob'), true);
  closeBridge('call');
});

test('V8 [V1.6] a bridge closed while it is made: nothing is left on this node, and the sweep removes the rest', async () => {
  const pair = await annAndBob();
  const held = holdUp('createBridgeLeg');
  const rejection = errorCodeOf(bridge('call', pair));
  await held.arrived;
  closeBridge('call');
  expect(here.media.stats()).toMatchObject({ bridges: 0, consumers: 0, pipes: 0 });
  held.letGo();
  expect(await rejection).toBe('line_missing');
  expect(here.media.stats()).toMatchObject({ bridges: 0, consumers: 0, pipes: 0 });
  closeBridge('call', generation);
});

test('V8 [V1.5] the late end of one call takes nothing from the next one of the same peer', async () => {
  const pair = await annAndBob();
  await readyLine(there, 'eve');
  const first = await bridge('first', pair);
  await flow('first', first.get('ann'), true);
  there.media.closeBridge({ callId: 'first', generation });
  const second = await bridge('second', pair);
  await flow('second', second.get('ann'), true);
  here.media.closeBridge({ callId: 'first', generation });
  expect(here.media.stats()).toMatchObject({ bridges: 1, consumers: 2, pipes: 4 });
  closeBridge('second');
});

test('V8 a closed bridge is not reported as broken; a bridge that was replaced is', async () => {
  const pair = await annAndBob();
  await bridge('call', pair);
  const first = generation;
  await bridge('call', pair);
  closeBridge('call');
  for (const { media } of [here, there]) media.forgetNode(here.name);
  const gaveWay = [{ callId: 'call', generation: first }];
  expect([here.broken, there.broken]).toEqual([gaveWay, gaveWay]);
});

test('V8 a pipe whose other end has vanished is not used again: another one is tried at once', async () => {
  const pair = await annAndBob();
  await bridge('first', pair);
  closeBridge('first');
  there.media.forgetNode(here.name);
  expect(there.media.stats()).toMatchObject({ nodePipes: 0 });
  const media = await bridge('second', pair);
  expect(media.get('ann')?.consumers).toHaveLength(2);
  // The end of the first one here is closed, and the other node is notified.
  expect(wire.requests.filter((request) => request !== 'closePipe')).toEqual([
    ...['openPipe', 'createBridgeLeg'],
    ...['createBridgeLeg', 'openPipe', 'createBridgeLeg'],
  ]);
  for (const { media } of [here, there]) expect(media.stats()).toMatchObject({ bridges: 1, nodePipes: 1 });
  closeBridge('second');
});

test('V8 an end that missed the notification to close closes by itself, and notifies the other node', async () => {
  const pair = await annAndBob();
  await bridge('call', pair);
  closeBridge('call');
  wire.before = (request) =>
    request === 'closePipe' ? Promise.reject(new Error('no way')) : Promise.resolve();
  await until(() => here.media.stats().nodePipes === 0);
  expect(there.media.stats()).toMatchObject({ nodePipes: 1 });
  await until(() => there.media.stats().nodePipes === 0);
  expect(there.pipesLost).toEqual([{ node: here.name, pipeId: expect.any(String) }]);
});

test('V8 a pipe that could not be made is not remembered', async () => {
  const pair = await annAndBob();
  wire.before = (request) =>
    request === 'openPipe' ? Promise.reject(new Error('no way')) : Promise.resolve();
  expect(await Promise.all([errorCodeOf(bridge('one', pair)), errorCodeOf(bridge('two', pair))])).toEqual([
    'media_unavailable',
    'media_unavailable',
  ]);
  expect(here.media.stats()).toMatchObject({ bridges: 0, consumers: 0, pipes: 0, nodePipes: 0 });
  wire.before = () => Promise.resolve();
  await bridge('call', pair);
  closeBridge('call');
  expect(await errorCodeOf(bridge('call', { router: 'a router that died' }))).toBe('media_unavailable');
});

test('V8 a line that is missing on the other node is an error, and leaves nothing', async () => {
  const pair = await annAndBob();
  expect(await errorCodeOf(bridge('call', { ...pair, other: 'nobody' }))).toBe('line_missing');
  expect(await errorCodeOf(bridge('call', { ...pair, one: 'nobody' }))).toBe('line_missing');
  for (const { media } of [here, there])
    expect(media.stats()).toMatchObject({ bridges: 0, consumers: 0, pipes: 0 });
  // One pipe is there, and was good all the while.
  expect(here.media.stats()).toMatchObject({ nodePipes: 1 });
});

test('V8 a node that is gone is forgotten: its pipes are closed, the lines stay and can be bridged again', async () => {
  const pair = await annAndBob();
  await bridge('call', pair);
  here.media.forgetNode(there.name);
  expect(here.media.stats()).toMatchObject({ lines: 1, producers: 2, nodePipes: 0, pipes: 0 });
  // If that node was only paused, it is notified, and the owner node of the call makes a new bridge.
  expect(here.pipesLost).toEqual([{ node: there.name, pipeId: expect.any(String) }]);
  expect(here.broken).toEqual([{ callId: 'call', generation }]);
  closeBridge('call');
  const media = await bridge('call', pair);
  expect(media.get('bob')?.consumers).toHaveLength(2);
  closeBridge('call');
  there.media.forgetNode(here.name);
});

async function killWorkers({ media }: TestMediaNode): Promise<void> {
  const before = media.stats();
  for (const pid of media.workerPids()) process.kill(pid, 'SIGKILL');
  await until(() => {
    const { workerDeaths, workersAlive, workers } = media.stats();
    return workerDeaths === before.workerDeaths + workers && workersAlive === workers;
  });
}

test('V2 V8 SIGKILL on the requested node: it reports its lost pipe, and the call is bridged again over another', async () => {
  const pair = await annAndBob();
  await bridge('call', pair);
  await killWorkers(there);
  expect(there.linesLost).toEqual(['bob']);
  expect(there.pipesLost).toEqual([{ node: here.name, pipeId: expect.any(String) }]);
  for (const { pipeId } of there.pipesLost) here.media.closePipe({ pipeId });
  expect(here.media.stats()).toMatchObject({ lines: 1, nodePipes: 0, pipes: 0 });
  closeBridge('call');
  const media = await bridge('call', { router: await readyLine(there, 'bob') });
  expect(media.get('ann')?.consumers).toHaveLength(2);
  closeBridge('call');
});

test('V2 V8 SIGKILL on the requesting node, also during the request', async () => {
  const pair = await annAndBob();
  await bridge('call', pair);
  const held = holdUp('createBridgeLeg');
  await readyLine(here, 'eve');
  const rejection = errorCodeOf(bridge('other', { ...pair, one: 'eve' }));
  await held.arrived;
  await killWorkers(here);
  held.letGo();
  expect(await rejection).toMatch(/line_missing|media_unavailable/);
  expect(here.linesLost.sort()).toEqual(['ann', 'eve']);
  expect(here.pipesLost).toEqual([{ node: there.name, pipeId: expect.any(String) }]);
  for (const { pipeId } of here.pipesLost) there.media.closePipe({ pipeId });
  closeBridge('call');
  closeBridge('other');
  for (const { media } of [here, there])
    expect(media.stats()).toMatchObject({ bridges: 0, consumers: 0, pipes: 0, nodePipes: 0 });
  await readyLine(here, 'ann');
  wire.before = () => Promise.resolve();
  const media = await bridge('call', pair);
  expect(media.get('bob')?.consumers).toHaveLength(2);
  closeBridge('call');
});

/** Delays the next request of this name until `letGo` is called. */
function holdUp(name: string): { readonly arrived: Promise<void>; readonly letGo: () => void } {
  let letGo = (): void => undefined;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  const arrived = new Promise<void>((resolve) => {
    wire.before = async (request) => {
      if (request !== name) return;
      resolve();
      await gone;
    };
  });
  return { arrived, letGo: () => letGo() };
}
