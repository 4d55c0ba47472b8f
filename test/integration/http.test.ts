import { startNode, type TestNode } from '../support/node';
import { ProtocolClient } from '../support/client';

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ MEDIA_WORKERS: '1', TRUSTED_PROXIES: 'loopback' });
});
afterAll(() => node.close());

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${node.url.replace('localhost', '127.0.0.1')}${path}`, init);
const operator = (): RequestInit => ({ headers: { authorization: `Bearer ${node.operatorToken}` } });

test('O1 health says how the node is', async () => {
  const response = await get('/videochat/health');
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'ok', media: { workers: 1, workersAlive: 1 } });
});

test('O1 stats count people and calls; rooms are for operators', async () => {
  const [one, other] = [await ProtocolClient.connect(node.wsUrl), await ProtocolClient.connect(node.wsUrl)];
  await Promise.all([one.search(), other.search()]);
  const { callId } = await one.next('partner_found');
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(await (await get('/videochat/stats')).json()).toMatchObject({
    online: 2,
    connected: 2,
    activeRooms: 1,
  });
  expect((await get('/videochat/rooms')).status).toBe(401);
  expect((await get('/videochat/rooms', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  expect(await (await get('/videochat/rooms', operator())).json()).toMatchObject({
    count: 1,
    rooms: [{ id: callId, mode: 'text', isActive: true }],
  });
  one.close();
  other.close();
});

test('O1 cleanup is for operators, a POST, and finds nothing on a healthy node', async () => {
  expect((await get('/videochat/cleanup', { method: 'POST' })).status).toBe(401);
  const wrong = await get('/videochat/cleanup', operator());
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  const response = await get('/videochat/cleanup', { ...operator(), method: 'POST' });
  expect(await response.json()).toEqual({ orphanedCalls: 0, strandedPeers: 0, orphanedLines: 0 });
});

test('O2 metrics are for operators and name neither people nor calls', async () => {
  expect((await get('/metrics')).status).toBe(401);
  const text = await (await get('/metrics', operator())).text();
  expect(text).toMatch(/^passerby_media_workers_alive 1$/m);
  expect(text).toContain('process_cpu_seconds_total');
  expect(text).toMatch(/^passerby_matches_total\{mode="text"\} \d+$/m);
  expect(text).not.toMatch(/guest_/);
});

test('O1 errors are coded JSON; bad paths do not show the inside', async () => {
  for (const [path, status, code] of [
    ['/nothing', 404, 'not_found'],
    ['/videochat/nothing', 404, 'not_found'],
    ['/%E0%A4%A', 404, 'not_found'],
    ['/..%2f..%2fetc%2fpasswd', 404, 'not_found'],
  ] as const) {
    const response = await get(path);
    expect([path, response.status]).toEqual([path, status]);
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({ error: { code } });
    expect(body).not.toMatch(/node_modules|at \w+ \(/);
  }
});

test('C1 the page comes with a policy that lets only its own scripts run', async () => {
  const { headers } = await get('/videochat/health');
  expect(headers.get('content-security-policy')).toMatch(/script-src 'self';/);
  expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
  expect(headers.get('permissions-policy')).toContain('camera=(self)');
  expect(headers.get('x-powered-by')).toBeNull();
});
