import type { CallMedia } from '../../src/protocol';
import {
  BOTH,
  readyLine,
  refusalOf,
  startMediaNode,
  until,
  WireNode,
  type TestMediaNode,
} from '../support/media-nodes';

const IDLE_MS = 250;
let here: TestMediaNode;
let there: TestMediaNode;
let wire: WireNode;
beforeAll(async () => {
  here = await startMediaNode('here', 1, IDLE_MS);
  there = await startMediaNode('there', 2, IDLE_MS);
});
beforeEach(() => {
  wire = new WireNode(there);
  here.unit.useNodes(() => wire);
});
afterEach(async () => {
  for (const { unit } of [here, there]) for (const line of unit.hostedLines()) unit.closeLine(line);
  for (const node of [here, there]) {
    expect(node.unit.stats()).toMatchObject({ lines: 0, bridges: 0, producers: 0, consumers: 0, pipes: 0 });
    node.linesLost.length = 0;
    node.pipesLost.length = 0;
    node.broken.length = 0;
  }
  await until(() => here.unit.stats().nodePipes === 0 && there.unit.stats().nodePipes === 0);
});
afterAll(() => Promise.all([here.unit.close(), there.unit.close()]));

let generation = 0;

interface Pair {
  readonly one?: string;
  readonly other?: string;
  readonly router: string;
}

/** Bridges a line of the one node and a line of the other. */
async function join(
  callId: string,
  { one = 'ann', other = 'bob', router }: Pair,
  sources = BOTH,
): Promise<ReadonlyMap<string, CallMedia>> {
  generation += 1;
  const { media } = await here.unit.createBridge({
    ...{ callId, generation, sources: [...sources] },
    peerIds: [one, other],
    other: { node: there.name, router },
  });
  return new Map(media);
}

async function flow(callId: string, of: CallMedia | undefined, sound: boolean): Promise<void> {
  const about = { callId, generation: of?.generation ?? 0, sound };
  const nodes = [here.unit, there.unit];
  for (const unit of nodes) await unit.resumeConsumers(about);
  for (const unit of nodes) await unit.resumeProducers(about);
}

function part(callId: string, upTo = generation): void {
  for (const { unit } of [here, there]) unit.closeBridge({ callId, generation: upTo });
}

const sourcesOf = (media?: CallMedia): string[] =>
  (media?.consumers ?? []).map(({ source }) => source).sort();

async function annAndBob(): Promise<Pair> {
  await readyLine(here, 'ann');
  return { router: await readyLine(there, 'bob') };
}

test('V8 two lines on two nodes are joined through one pipe, and parting leaves nothing but the pipe', async () => {
  const media = await join('call', await annAndBob());
  expect(sourcesOf(media.get('ann'))).toEqual(['camera', 'microphone']);
  expect(sourcesOf(media.get('bob'))).toEqual(['camera', 'microphone']);
  expect(media.get('ann')?.generation).toBe(media.get('bob')?.generation);
  for (const { unit } of [here, there])
    expect(unit.stats()).toMatchObject({ bridges: 1, consumers: 2, pipes: 4, nodePipes: 1 });
  await flow('call', media.get('ann'), false);
  await flow('call', media.get('ann'), true);
  part('call');
  for (const { unit } of [here, there])
    expect(unit.stats()).toMatchObject({
      lines: 1,
      producers: 2,
      bridges: 0,
      consumers: 0,
      pipes: 0,
      nodePipes: 1,
    });
});

test('V8 a voice call over nodes carries nobody’s camera', async () => {
  const media = await join('call', await annAndBob(), ['microphone']);
  expect([...media.values()].map(sourcesOf)).toEqual([['microphone'], ['microphone']]);
  part('call');
});

test('V8 someone who cannot receive pictures gets the sound, and the other side sends no picture', async () => {
  await readyLine(here, 'ann');
  const { lineId, router } = await there.unit.openLine({
    ...{ peerId: 'bob', gateway: 'any' },
    rtpCapabilities: soundOnly,
    maxKbps: 500,
  });
  await there.unit.markReady({ peerId: 'bob', lineId });
  const media = await join('call', { router });
  expect(sourcesOf(media.get('bob'))).toEqual(['microphone']);
  expect(here.unit.stats()).toMatchObject({ consumers: 0, pipes: 1 });
  part('call');
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
      join(`call-${index}`, { one: `ann-${index}`, other: `bob-${index}`, router }),
    ),
  );
  expect(wire.asked.filter((request) => request === 'openPipe')).toHaveLength(2);
  for (const { unit } of [here, there])
    expect(unit.stats()).toMatchObject({ bridges: 6, consumers: 12, pipes: 24, nodePipes: 2 });
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS * 3));
  for (const { unit } of [here, there]) expect(unit.stats()).toMatchObject({ pipes: 24, nodePipes: 2 });
  for (const index of names) part(`call-${index}`);
  await until(() => here.unit.stats().nodePipes === 0 && there.unit.stats().nodePipes === 0);
  expect([...here.pipesLost, ...there.pipesLost]).toEqual([]);
});

test('V8 next, 20 times in a row: the lines stay, the pipe stays, nothing piles up', async () => {
  await readyLine(here, 'ann');
  const router = { bob: await readyLine(there, 'bob'), eve: await readyLine(there, 'eve') };
  for (let round = 0; round < 20; round += 1) {
    const other = round % 2 === 0 ? 'bob' : 'eve';
    const media = await join(`call-${round}`, { other, router: router[other] });
    expect(media.get('ann')?.consumers).toHaveLength(2);
    await flow(`call-${round}`, media.get('ann'), true);
    part(`call-${round}`);
  }
  expect(wire.asked.filter((request) => request === 'openPipe')).toHaveLength(2);
  expect(here.unit.stats()).toMatchObject({ producers: 2, consumers: 0, pipes: 0, nodePipes: 2 });
});

test('V8 the same call joined anew replaces what it had on both nodes', async () => {
  const pair = await annAndBob();
  for (let round = 0; round < 3; round += 1) await join('call', pair);
  const results = await Promise.allSettled([join('call', pair), join('call', pair), join('call', pair)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  for (const { unit } of [here, there])
    expect(unit.stats()).toMatchObject({ bridges: 1, consumers: 2, pipes: 4 });
  part('call');
});

test('V8 [V1.3] an older generation is refused on the node that is asked, and changes nothing there', async () => {
  const pair = await annAndBob();
  const held = holdUp('createBridgeLeg');
  const old = join('call', pair);
  const refused = refusalOf(old);
  await held.arrived;
  // The newer joining overtakes the older one on its way.
  wire.before = () => Promise.resolve();
  const media = await join('call', pair);
  held.letGo();
  expect(await refused).toBe('line_missing');
  // The sweep after the failure leaves the newer one alone.
  part('call', generation - 1);
  for (const { unit } of [here, there])
    expect(unit.stats()).toMatchObject({ bridges: 1, consumers: 2, pipes: 4 });
  expect(media.get('bob')?.generation).toBe(generation);
  await flow('call', media.get('bob'), true);
  part('call');
});

test('V8 [V1.6] a call parted while it is joined: nothing is left on this node, and the sweep takes the rest', async () => {
  const pair = await annAndBob();
  const held = holdUp('createBridgeLeg');
  const refused = refusalOf(join('call', pair));
  await held.arrived;
  part('call');
  expect(here.unit.stats()).toMatchObject({ bridges: 0, consumers: 0, pipes: 0 });
  held.letGo();
  expect(await refused).toBe('line_missing');
  expect(here.unit.stats()).toMatchObject({ bridges: 0, consumers: 0, pipes: 0 });
  part('call', generation);
});

test('V8 [V1.5] the late end of one call takes nothing from the next one of the same person', async () => {
  const pair = await annAndBob();
  await readyLine(there, 'eve');
  const first = await join('first', pair);
  await flow('first', first.get('ann'), true);
  there.unit.closeBridge({ callId: 'first', generation });
  const second = await join('second', pair);
  await flow('second', second.get('ann'), true);
  here.unit.closeBridge({ callId: 'first', generation });
  expect(here.unit.stats()).toMatchObject({ bridges: 1, consumers: 2, pipes: 4 });
  part('second');
});

test('V8 a call that is parted is not broken; of one that is joined anew, what gave way is named', async () => {
  const pair = await annAndBob();
  await join('call', pair);
  const first = generation;
  await join('call', pair);
  part('call');
  for (const { unit } of [here, there]) unit.forgetNode(here.name);
  const gaveWay = [{ callId: 'call', generation: first }];
  expect([here.broken, there.broken]).toEqual([gaveWay, gaveWay]);
});

test('V8 a pipe whose other end has vanished is not used again: another one is tried at once', async () => {
  const pair = await annAndBob();
  await join('first', pair);
  part('first');
  there.unit.forgetNode(here.name);
  expect(there.unit.stats()).toMatchObject({ nodePipes: 0 });
  const media = await join('second', pair);
  expect(media.get('ann')?.consumers).toHaveLength(2);
  // The end of the first one here is closed, and the other node told so in passing.
  expect(wire.asked.filter((request) => request !== 'closePipe')).toEqual([
    ...['openPipe', 'createBridgeLeg'],
    ...['createBridgeLeg', 'openPipe', 'createBridgeLeg'],
  ]);
  for (const { unit } of [here, there]) expect(unit.stats()).toMatchObject({ bridges: 1, nodePipes: 1 });
  part('second');
});

test('V8 an end whose other end could not tell it to close closes by itself, and says so', async () => {
  const pair = await annAndBob();
  await join('call', pair);
  part('call');
  wire.before = (request) =>
    request === 'closePipe' ? Promise.reject(new Error('no way')) : Promise.resolve();
  await until(() => here.unit.stats().nodePipes === 0);
  expect(there.unit.stats()).toMatchObject({ nodePipes: 1 });
  await until(() => there.unit.stats().nodePipes === 0);
  expect(there.pipesLost).toEqual([{ node: here.name, pipeId: expect.any(String) }]);
});

test('V8 a pipe that could not be made is not remembered', async () => {
  const pair = await annAndBob();
  wire.before = (request) =>
    request === 'openPipe' ? Promise.reject(new Error('no way')) : Promise.resolve();
  expect(await Promise.all([refusalOf(join('one', pair)), refusalOf(join('two', pair))])).toEqual([
    'media_unavailable',
    'media_unavailable',
  ]);
  expect(here.unit.stats()).toMatchObject({ bridges: 0, consumers: 0, pipes: 0, nodePipes: 0 });
  wire.before = () => Promise.resolve();
  await join('call', pair);
  part('call');
  expect(await refusalOf(join('call', { router: 'a router that died' }))).toBe('media_unavailable');
});

test('V8 a line that is missing on the other node is said to be, and leaves nothing', async () => {
  const pair = await annAndBob();
  expect(await refusalOf(join('call', { ...pair, other: 'nobody' }))).toBe('line_missing');
  expect(await refusalOf(join('call', { ...pair, one: 'nobody' }))).toBe('line_missing');
  for (const { unit } of [here, there])
    expect(unit.stats()).toMatchObject({ bridges: 0, consumers: 0, pipes: 0 });
  // One pipe is there, and was good all the while.
  expect(here.unit.stats()).toMatchObject({ nodePipes: 1 });
});

test('V8 a node that is gone is forgotten: its pipes are closed, the lines stay and can be joined again', async () => {
  const pair = await annAndBob();
  await join('call', pair);
  here.unit.forgetNode(there.name);
  expect(here.unit.stats()).toMatchObject({ lines: 1, producers: 2, nodePipes: 0, pipes: 0 });
  // Should it only have stood still, it hears of it, and whoever is the call's home has it joined anew.
  expect(here.pipesLost).toEqual([{ node: there.name, pipeId: expect.any(String) }]);
  expect(here.broken).toEqual([{ callId: 'call', generation }]);
  part('call');
  const media = await join('call', pair);
  expect(media.get('bob')?.consumers).toHaveLength(2);
  part('call');
  there.unit.forgetNode(here.name);
});

async function killWorkers({ unit }: TestMediaNode): Promise<void> {
  const before = unit.stats();
  for (const pid of unit.workerPids()) process.kill(pid, 'SIGKILL');
  await until(() => {
    const { workerDeaths, workersAlive, workers } = unit.stats();
    return workerDeaths === before.workerDeaths + workers && workersAlive === workers;
  });
}

test('V2 V8 SIGKILL on the node that was asked: it tells of its pipe, and the call is joined again over another', async () => {
  const pair = await annAndBob();
  await join('call', pair);
  await killWorkers(there);
  expect(there.linesLost).toEqual(['bob']);
  expect(there.pipesLost).toEqual([{ node: here.name, pipeId: expect.any(String) }]);
  for (const { pipeId } of there.pipesLost) here.unit.closePipe({ pipeId });
  expect(here.unit.stats()).toMatchObject({ lines: 1, nodePipes: 0, pipes: 0 });
  part('call');
  const media = await join('call', { router: await readyLine(there, 'bob') });
  expect(media.get('ann')?.consumers).toHaveLength(2);
  part('call');
});

test('V2 V8 SIGKILL on the node that asks, also in the middle of asking', async () => {
  const pair = await annAndBob();
  await join('call', pair);
  const held = holdUp('createBridgeLeg');
  await readyLine(here, 'eve');
  const refused = refusalOf(join('other', { ...pair, one: 'eve' }));
  await held.arrived;
  await killWorkers(here);
  held.letGo();
  expect(await refused).toMatch(/line_missing|media_unavailable/);
  expect(here.linesLost.sort()).toEqual(['ann', 'eve']);
  expect(here.pipesLost).toEqual([{ node: there.name, pipeId: expect.any(String) }]);
  for (const { pipeId } of here.pipesLost) there.unit.closePipe({ pipeId });
  part('call');
  part('other');
  for (const { unit } of [here, there])
    expect(unit.stats()).toMatchObject({ bridges: 0, consumers: 0, pipes: 0, nodePipes: 0 });
  await readyLine(here, 'ann');
  wire.before = () => Promise.resolve();
  const media = await join('call', pair);
  expect(media.get('bob')?.consumers).toHaveLength(2);
  part('call');
});

/** Keeps the next request of this name on its way until it is let go. */
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
