import { connect } from 'node:net';
import { startNode, type TestNode } from '../support/node';

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ MEDIA_WORKERS: '1' });
});
afterAll(() => node.close());

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What is answered to a request with this target, exactly as it stands here, until the server closes the connection. */
function ask(target: string, { method = 'GET', headers = '', host = 'localhost' } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(node.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`,
      'latin1',
    );
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += String(chunk)));
    socket.on('close', () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text }));
    socket.on('error', reject);
    socket.setTimeout(4_000, () => socket.destroy(new Error(`no answer to ${target}, after ${text}`)));
  });
}

const upgrade =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n';

async function stillServes(): Promise<void> {
  expect((await ask('/videochat/health')).status).toBe(200);
}

test.each([
  'http://localhost/api/me',
  'HTTP://localhost/api/me',
  'http://localhost:8080/api/me?x=1',
  'https://elsewhere.example/api/me',
])('S5 O1 a target in absolute form is served as its path: %s', async (target) => {
  const { status, text } = await ask(target);
  expect(status).toBe(200);
  expect(text).toContain('"me"');
});

test('S5 O1 a target in absolute form gets no further than its path does', async () => {
  expect((await ask('http://localhost/videochat/rooms')).status).toBe(401);
  expect((await ask('http://localhost/api/me', { method: 'DELETE' })).status).toBe(405);
  expect((await ask('http://localhost/nowhere')).status).toBe(404);
  const foreign = 'Origin: http://evil.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n';
  const { status, text } = await ask('http://evil.example/api/account/log-out', {
    method: 'POST',
    headers: `${foreign}`,
  });
  expect([status, text]).toEqual([403, expect.stringContaining('foreign_origin')]);
});

test('S5 O1 the page, and nothing outside its folder, is served by a target in absolute form', async () => {
  for (const target of [
    'http://localhost/../../package.json',
    'http://localhost/%2e%2e/%2e%2e/package.json',
  ]) {
    const { status, text } = await ask(target);
    expect([400, 403, 404]).toContain(status);
    expect(text).not.toContain('"dependencies"');
  }
});

test('S1 O1 a WebSocket is opened by a target in absolute form, on its path alone', async () => {
  const opened = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(node.url).port), '127.0.0.1');
    socket.write(`GET http://localhost/ws HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n`);
    socket.once('data', (chunk: Buffer) => {
      resolve(String(chunk));
      socket.destroy();
    });
    socket.on('error', reject);
  });
  expect(opened).toMatch(/^HTTP\/1\.1 101 /);
  expect((await ask('http://localhost/other', { headers: upgrade })).status).toBe(404);
});

test.each([
  'http://',
  'http:///',
  'http://[',
  'http://[::1/api/me',
  'http://localhost:port/api/me',
  'http://localhost/%',
  'http://localhost/%c0%af',
  'http://user:password@localhost/api/me',
  'http://localhost:99999/api/me',
  'ftp://localhost/api/me',
  'javascript:alert(1)',
  '*',
  '//localhost/api/me',
  'api/me',
  '?',
  '/\\',
  'http://localhost\\api\\me',
  `http://${'a'.repeat(4_000)}/api/me`,
])('S5 O4 the target %s is answered, and the process goes on', async (target) => {
  for (const headers of ['', upgrade]) {
    const { status } = await ask(target, { headers });
    // Served as a path, or refused; never a fault of the server.
    expect(status === 200 || (status >= 300 && status < 500)).toBe(true);
  }
  await stillServes();
  const metrics = await fetch(`${node.url.replace('localhost', '127.0.0.1')}/metrics`, {
    headers: { authorization: `Bearer ${node.operatorToken}` },
  });
  expect(await metrics.text()).not.toMatch(/^passerby_errors_total [1-9]/m);
});

test('S5 O4 CONNECT, which would make this server a proxy, ends its connection and nothing else', async () => {
  await ask('elsewhere.example:443', { method: 'CONNECT' }).catch(() => undefined);
  await stillServes();
});
