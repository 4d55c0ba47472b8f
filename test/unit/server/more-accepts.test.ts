import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { acceptMore, type Accepting } from '../../../src/server/more-accepts';
import { eventually } from '../../support/eventually';

const CLIENTS = 16;

let server: Server;
let clients: Socket[];
let accepting: Accepting | undefined;

beforeEach(async () => {
  server = createServer((_, response) => response.end('served'));
  clients = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  accepting?.close();
  for (const client of clients) client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const port = (): number => (server.address() as AddressInfo).port;

/** In how many rounds of a busy event loop the server takes clients whom the system has connected. */
async function roundsFor(count: number): Promise<number> {
  const rounds = new Set<number>();
  let round = 0;
  let accepted = 0;
  const took = (): void => {
    accepted += 1;
    rounds.add(round);
  };
  server.on('connection', took);
  clients.push(...Array.from({ length: count }, () => connect(port(), '127.0.0.1')));
  const busy = setInterval(() => {
    round += 1;
    // All clients connect while the first of these rounds goes on.
    for (const until = performance.now() + 30; performance.now() < until;);
  }, 1);
  await eventually(() => accepted === count);
  clearInterval(busy);
  server.off('connection', took);
  return rounds.size;
}

const ask = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port()}/`)).text();

test('S6 a busy server takes several connections in a round of its event loop, and serves them all', async () => {
  const before = await roundsFor(CLIENTS);
  expect(before).toBeGreaterThan(CLIENTS / 2);
  accepting = acceptMore(server, (error) => {
    throw error;
  });
  await eventually(() => accepting?.handles === 8);
  expect(await roundsFor(CLIENTS)).toBeLessThanOrEqual(CLIENTS / 2);
  expect(await Promise.all(Array.from({ length: 20 }, ask))).toEqual(Array<string>(20).fill('served'));
});

test('S6 a server whose further handles are closed goes on with its own', async () => {
  accepting = acceptMore(server, (error) => {
    throw error;
  });
  await eventually(() => accepting?.handles === 8);
  accepting.close();
  expect(await ask()).toBe('served');
});

test('S6 a server that closes at once leaves no other process behind', async () => {
  accepting = acceptMore(server, () => undefined);
  accepting.close();
  expect(await ask()).toBe('served');
  expect(accepting.handles).toBe(1);
});
