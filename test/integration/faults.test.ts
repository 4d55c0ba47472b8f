import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../support/eventually';
import { startNode, type TestNode } from '../support/node';
import { ProtocolClient } from '../support/client';
import { spawnNode, type NodeProcess } from '../support/process';
import { cameraRtp, microphoneRtp, receiver } from '../support/rtp';

const nodes: (TestNode | NodeProcess)[] = [];
const squatters: Server[] = [];
afterEach(async () => {
  for (const squatter of squatters.splice(0)) await new Promise((resolve) => squatter.close(resolve));
  for (const node of nodes.splice(0)) await ('close' in node ? node.close() : node.remove());
});

/** Takes a free port and returns it. */
async function squat(): Promise<number> {
  const squatter = createServer();
  squatters.push(squatter);
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
  return (squatter.address() as AddressInfo).port;
}

async function openLine(client: ProtocolClient): Promise<string> {
  const { lineId } = await client.request('line_open', { rtpCapabilities: receiver });
  await client.request('line_produce', {
    lineId,
    source: 'camera',
    kind: 'video',
    rtpParameters: cameraRtp(),
  });
  await client.request('line_produce', {
    lineId,
    source: 'microphone',
    kind: 'audio',
    rtpParameters: microphoneRtp(),
  });
  await client.request('line_ready', { lineId });
  return lineId;
}

test('M10 a peer that cancels while its call is being bridged is idle, and the partner searches on without a message', async () => {
  const node = await startNode({ MEDIA_WORKERS: '1' });
  nodes.push(node);
  const [one, other] = [await ProtocolClient.connect(node.wsUrl), await ProtocolClient.connect(node.wsUrl)];
  for (const client of [one, other]) await openLine(client);
  const [worker = 0] = node.parts.media.workerPids();
  const stateOf = ({ id }: ProtocolClient) => node.parts.peers.get(id)?.state.kind;
  process.kill(worker, 'SIGSTOP');
  try {
    for (const client of [one, other]) await client.search({ mode: 'video' });
    await eventually(() => stateOf(one) === 'in_call' && stateOf(other) === 'in_call');
    await one.request('cancel_search', {});
    expect([stateOf(one), stateOf(other)]).toEqual(['idle', 'searching']);
  } finally {
    process.kill(worker, 'SIGCONT');
  }
  await other.request('cancel_search', {});
  for (const client of [one, other]) {
    expect(client.received.some(({ event }) => event === 'partner_found')).toBe(false);
    client.close();
  }
  await eventually(() => node.parts.media.stats().bridges === 0);
});

test('V2 SIGKILL of a worker during calls: lines are requested anew, the calls are bridged again, others are untouched', async () => {
  const node = await startNode({ MEDIA_WORKERS: '2' });
  nodes.push(node);
  const clients = await Promise.all(Array.from({ length: 8 }, () => ProtocolClient.connect(node.wsUrl)));
  for (const client of clients) await openLine(client);
  await Promise.all(clients.map((client) => client.search({ mode: 'video' })));
  const calls = new Map<string, string>();
  for (const client of clients) {
    const { callId, media } = await client.next('partner_found');
    expect(media?.consumers).toHaveLength(2);
    calls.set(client.id, callId);
    await client.request('call_media_ready', { callId, generation: media?.generation ?? 0, veiled: true });
  }
  const killed = Date.now();
  process.kill(node.parts.media.workerPids()[0] ?? 0, 'SIGKILL');
  const lost: ProtocolClient[] = [];
  await Promise.all(
    clients.map(async (client) => {
      await client.next('line_lost', undefined, 1_500).then(
        () => lost.push(client),
        () => undefined,
      );
    }),
  );
  expect(lost).toHaveLength(4);
  for (const client of lost) await openLine(client);
  const touched = new Set(lost.map((client) => calls.get(client.id)));
  for (const client of clients) {
    const callId = calls.get(client.id) ?? '';
    if (!touched.has(callId)) {
      expect(client.received.some(({ event }) => event === 'call_media')).toBe(false);
      continue;
    }
    // Both participants of a call with a lost line get new consumers, whichever of the two lines was lost.
    const again = await client.next('call_media', (data) => data.consumers.length === 2);
    await client.request('call_media_ready', { callId, generation: again.generation, veiled: true });
  }
  // Of these, one and a half go by above until it is sure whose lines are untouched.
  expect(Date.now() - killed).toBeLessThan(5_000);
  expect(node.parts.calls.size).toBe(4);
  expect([...node.parts.calls.all()].map(({ media }) => media.state)).toEqual(Array(4).fill('flowing'));
  for (const client of clients) client.close();
}, 20_000);

test('O1 SIGTERM during calls: every client is notified, every socket closed, exit code 0 within seconds', async () => {
  const node = await spawnNode();
  nodes.push(node);
  const url = await node.serving;
  const clients = await Promise.all(Array.from({ length: 6 }, () => ProtocolClient.connect(url)));
  await Promise.all(clients.slice(0, 4).map((client) => client.search()));
  for (const client of clients.slice(0, 4)) await client.next('partner_found');
  await clients[4]?.search();
  const stoppedAt = Date.now();
  node.child.kill('SIGTERM');
  for (const client of clients) {
    await client.next('notice', ({ code }) => code === 'shutting_down');
    expect(await client.untilClosed()).toMatchObject({ code: 1001 });
  }
  expect(await node.ended).toBe(0);
  expect(Date.now() - stoppedAt).toBeLessThan(5_000);
  // An orderly stop is no reason for an alarm.
  expect(node.output()).not.toMatch(/"level":[56]0/);
  // A node alone has nobody to hand over to, and does not say so.
  expect(node.output()).not.toContain('handing over');
}, 20_000);

test('O4 a port that is taken is reported in words, with what to do', async () => {
  const port = await squat();
  const node = await spawnNode({ PORT: String(port) });
  nodes.push(node);
  expect(await node.ended).toBe(1);
  expect(node.output()).toContain(`Something else listens on 127.0.0.1:${port} already`);
  expect(node.output()).not.toContain('    at ');
}, 20_000);

test('O4 a media port that is taken is reported in words as well', async () => {
  const port = await squat();
  const node = await spawnNode({ RTC_PORT: String(port) });
  nodes.push(node);
  expect(await node.ended).toBe(1);
  expect(node.output()).toMatch(/media port/i);
}, 20_000);

test('O4 an address for media of other nodes that is none of ours is named at start', async () => {
  const node = await spawnNode({ PIPE_LISTEN_ADDRESS: '203.0.113.9' });
  nodes.push(node);
  expect(await node.ended).toBe(1);
  expect(node.output()).toMatch(/cannot listen on 203\.0\.113\.9 .* Set PIPE_LISTEN_ADDRESS/);
  expect(node.output()).not.toContain('    at ');
}, 20_000);

test('O4 a data folder that cannot be used is named, and not the port', async () => {
  const file = path.join(tmpdir(), `passerby-no-folder-${randomUUID()}`);
  await writeFile(file, '');
  const node = await spawnNode({ DATA_DIR: file });
  nodes.push(node);
  expect(await node.ended).toBe(1);
  expect(node.output()).toContain(`The folder ${file} cannot be used: it is a file`);
  expect(node.output()).not.toContain('PORT');
  expect(node.output()).not.toContain('    at ');
}, 20_000);

test('O4 an address of MongoDB that only its driver refuses is a fault of the configuration', async () => {
  const node = await spawnNode({ MONGODB_URI: 'mongodb://me:hunter2@a,b/db?replicaSat=rs0' });
  nodes.push(node);
  expect(await node.ended).toBe(2);
  expect(node.output()).toMatch(/MONGODB_URI: the driver of MongoDB refuses it: .*replicasat/i);
  expect(node.output()).not.toContain('hunter2');
}, 20_000);

test('O4 every error of a configuration is named at once', async () => {
  const node = await spawnNode({
    PORT: 'abc',
    MEDIA_WORKERS: '0',
    OPERATOR_TOKEN: 'short',
    ICE_SERVERS: '{',
    MINIMUM_AGE: '12',
  });
  nodes.push(node);
  expect(await node.ended).toBe(2);
  for (const name of ['PORT', 'MEDIA_WORKERS', 'OPERATOR_TOKEN', 'ICE_SERVERS', 'MINIMUM_AGE']) {
    expect(node.output()).toContain(`${name}:`);
  }
  const steps = await spawnNode({ MATCH_STEPS: '[{"afterMs":5,"minScore":0,"circle":"anyone"}]' });
  nodes.push(steps);
  expect(await steps.ended).toBe(2);
  expect(steps.output()).toContain('MATCH_STEPS:');
}, 20_000);
