import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createHttpServer } from '../../../src/server/http-server';

let server: Server;
const errors: unknown[] = [];

async function listen(upgrade: () => void = () => undefined): Promise<void> {
  server = createHttpServer({
    serve: (request, response) => response.end(`${request.method} ${request.url}`),
    upgrade,
    keepAliveMs: 75_000,
    reportError: (error) => errors.push(error),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}
afterEach(async () => {
  errors.length = 0;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Everything that is answered until the server closes the connection. */
function answerTo(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += String(chunk)));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    setTimeout(() => reject(new Error(`not closed, after ${answer}`)), 4_000).unref();
  });
}

const OFFER =
  'Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';

test('O1 an offer of HTTP/2 is ignored, and the request answered', async () => {
  await listen();
  const answer = await answerTo(`GET /videochat/health HTTP/1.1\r\n${OFFER}\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toMatch(/connection: close/i);
  expect(answer).toContain('GET /videochat/health');
});

test('O1 an offer with a body is refused, since the body cannot be read any more', async () => {
  await listen();
  for (const body of ['Content-Length: 2\r\n\r\n{}', 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n']) {
    expect(await answerTo(`POST /api/log-in HTTP/1.1\r\n${OFFER}${body}`)).toMatch(/^HTTP\/1\.1 400 /);
  }
});

test('S5 an upgrade that fails is reported and ends its connection, not the process', async () => {
  await listen(() => {
    throw new Error('a fault of ours');
  });
  const request = 'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n';
  expect(await answerTo(request)).toBe('');
  expect(errors).toEqual([expect.objectContaining({ message: 'a fault of ours' })]);
});

test('O1 idle connections outlast those of proxies, and slow clients do not keep theirs', async () => {
  await listen();
  expect(server.keepAliveTimeout).toBe(75_000);
  expect(server.headersTimeout).toBeLessThanOrEqual(20_000);
  expect(server.requestTimeout).toBeLessThanOrEqual(60_000);
  expect(server.requestTimeout).toBeGreaterThanOrEqual(server.headersTimeout);
});
