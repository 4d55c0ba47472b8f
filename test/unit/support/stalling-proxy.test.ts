import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import { StallingProxy } from '../../support/stalling-proxy';

/** One end of a connection with all that has arrived there. */
class End {
  received = '';
  ended = false;
  closed = false;

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received += String(chunk)));
    socket.on('end', () => (this.ended = true));
    socket.on('close', () => (this.closed = true));
    socket.on('error', () => undefined);
  }
}

let server: Server;
let proxy: StallingProxy;
let servers: End[];
const clients: End[] = [];

beforeEach(async () => {
  servers = [];
  server = createServer({ allowHalfOpen: true }, (socket) => servers.push(new End(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await StallingProxy.to((server.address() as AddressInfo).port);
});
afterEach(async () => {
  for (const { socket } of [...clients.splice(0), ...servers]) socket.destroy();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

async function pair(): Promise<[client: End, server: End]> {
  const client = new End(connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true }));
  clients.push(client);
  const before = servers.length;
  await eventually(() => servers.length > before);
  const [other] = servers.slice(before);
  if (other === undefined) throw new Error('nobody was connected');
  client.socket.write('hello;');
  await eventually(() => other.received === 'hello;');
  return [client, other];
}

test('S6 the proxy passes bytes and endings on', async () => {
  const [client, other] = await pair();
  other.socket.write('welcome');
  await eventually(() => client.received === 'welcome');
  client.socket.end();
  await eventually(() => other.ended);
  other.socket.end();
  await eventually(() => client.closed && other.closed && proxy.connections === 0);
});

test('S6 bytes that stall arrive later, in order; the other direction goes on', async () => {
  const [client, other] = await pair();
  proxy.set({ kind: 'stalls' }, ['toServer']);
  client.socket.write('one;');
  client.socket.write('two;');
  other.socket.write('back');
  await eventually(() => client.received === 'back');
  await sleep(50);
  expect(other.received).toBe('hello;');
  proxy.set({ kind: 'flows' });
  await eventually(() => other.received === 'hello;one;two;');
});

test('S6 bytes that are swallowed never arrive, and nobody learns of a closing', async () => {
  const [client, other] = await pair();
  proxy.set({ kind: 'swallows' });
  client.socket.write('lost');
  other.socket.write('lost');
  client.socket.destroy();
  await sleep(100);
  expect([other.received, client.received, other.ended, other.closed]).toEqual(['hello;', '', false, false]);
  // Connections that open later are not touched.
  await pair();
});

test('S6 a direction is ended alone', async () => {
  const [client, other] = await pair();
  proxy.halfClose('toClient');
  await eventually(() => client.ended);
  client.socket.write('still here');
  await eventually(() => other.received === 'hello;still here');
  expect([client.closed, other.ended]).toEqual([false, false]);
});

test('S6 a slow direction takes its time and loses nothing', async () => {
  const [client, other] = await pair();
  proxy.set({ kind: 'slow', bytesPerSecond: 1_000 }, ['toServer']);
  client.socket.end('x'.repeat(300));
  await sleep(100);
  expect(other.received.length).toBeLessThan(250);
  expect(other.ended).toBe(false);
  await eventually(() => other.ended);
  expect(other.received).toBe(`hello;${'x'.repeat(300)}`);
});

test('S6 a connection that is reset is reset on the other side', async () => {
  const [client, other] = await pair();
  client.socket.resetAndDestroy();
  await eventually(() => other.closed);
});
