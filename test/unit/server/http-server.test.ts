import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createHttpServer } from '../../../src/server/http-server';

let server: Server;
const errors: unknown[] = [];

async function listen(
  upgrade: (request: IncomingMessage, socket: Duplex) => void = () => undefined,
  serve: RequestListener = (request, response) => response.end(`${request.method} ${request.url}`),
): Promise<void> {
  server = createHttpServer({
    ...{ serve, upgrade },
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

test('O1 an upgrade that does not wait for earlier responses is not made: these are sent, and the connection is closed', async () => {
  for (const protocol of ['websocket', 'h2c']) {
    const upgrade = jest.fn((_request: IncomingMessage, socket: Duplex) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    });
    await listen(upgrade, (request, response) => {
      // As a request that needs the records: nothing of the response is there when the next request arrives.
      setImmediate(() => setImmediate(() => response.end(`reply to ${request.url}`)));
    });
    const first =
      'POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}GET /two HTTP/1.1\r\nHost: x\r\n\r\n';
    const answer = await answerTo(
      `${first}GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`,
    );
    expect(answer.match(/HTTP\/1\.1 \d+|reply to \/(one|two)/g)).toEqual([
      ...['HTTP/1.1 200', 'reply to /one'],
      ...['HTTP/1.1 200', 'reply to /two'],
    ]);
    expect(upgrade).not.toHaveBeenCalled();
    expect(errors).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  }
});

test('O1 a connection that was used before can be upgraded once all is answered', async () => {
  await listen((_request, socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let answer = '';
  const isAsked = new Promise<void>((resolve) =>
    socket.on('data', (chunk: Buffer) => {
      answer += String(chunk);
      if (answer.endsWith('GET /one'))
        socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      if (answer.includes(' 101 ')) resolve();
    }),
  );
  socket.write('GET /one HTTP/1.1\r\nHost: x\r\n\r\n');
  await isAsked;
  socket.destroy();
});

test('O1 idle connections outlast those of proxies, and slow clients do not keep theirs', async () => {
  await listen();
  expect(server.keepAliveTimeout).toBe(75_000);
  expect(server.headersTimeout).toBeLessThanOrEqual(20_000);
  expect(server.requestTimeout).toBeLessThanOrEqual(60_000);
  expect(server.requestTimeout).toBeGreaterThanOrEqual(server.headersTimeout);
});
