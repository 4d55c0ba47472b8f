import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { CLOSE, type ServerData } from '../../src/protocol';
import { ProtocolClient } from '../support/client';
import { eventually } from '../support/eventually';
import { startNode, type TestNode } from '../support/node';

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ TRUSTED_PROXIES: 'loopback' });
}, 30_000);
afterAll(() => node.close());

interface ListedBan {
  readonly id: string;
  readonly subjects: readonly { readonly mark: string }[];
}

const clients: ProtocolClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

let addresses = 0;
/** An address in a network of its own. */
const newAddress = (): string => `198.${Math.floor((addresses += 1) / 250)}.${addresses % 250}.7`;

const headersOf = (address: string, cookie?: string): Record<string, string> => ({
  'x-forwarded-for': address,
  ...(cookie === undefined ? {} : { cookie }),
});

async function come(address = newAddress(), cookie?: string): Promise<ProtocolClient> {
  const client = await ProtocolClient.connect(node.wsUrl, undefined, headersOf(address, cookie));
  clients.push(client);
  return client;
}

/** Somebody who is not let in: what they are told. */
async function refused(address: string, cookie?: string): Promise<ServerData<'banned'>> {
  const client = await ProtocolClient.open(node.wsUrl, headersOf(address, cookie));
  clients.push(client);
  client.sendFrame(JSON.stringify({ event: 'hello', data: { protocol: 2 } }));
  const told = await client.next('banned');
  expect(await client.next('error')).toMatchObject({ code: 'banned', ban: told });
  expect(await client.untilClosed()).toMatchObject({ code: CLOSE.banned.code });
  return told;
}

async function meet(one: ProtocolClient, other: ProtocolClient): Promise<string> {
  await one.search();
  await other.search();
  const { callId } = await one.next('partner_found', ({ partner }) => partner.id === other.id);
  await other.next('partner_found', (found) => found.callId === callId);
  return callId;
}

async function asOperator(method: string, place: string, body?: object): Promise<Response> {
  return fetch(`${node.url}/videochat/bans${place}`, {
    method,
    headers: { authorization: `Bearer ${node.operatorToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const impose = async (order: object): Promise<{ id: string }> => {
  const response = await asOperator('POST', '', { reason: 'harassment', hours: 1, ...order });
  expect(response.status).toBe(200);
  return ((await response.json()) as { ban: { id: string } }).ban;
};

/** `cookie` without the cookie of the guest, as a browser has it whose user deleted that one. */
const withoutGuest = (cookie = ''): string =>
  cookie
    .split('; ')
    .filter((pair) => !pair.startsWith('passerby_guest='))
    .join('; ');

test('R2 several independent reports hold somebody back: their next search meets nobody', async () => {
  const bad = await come();
  const address = newAddress();
  for (let turn = 1; turn <= 3; turn += 1) {
    const reporter = await come();
    const callId = await meet(reporter, bad);
    await reporter.request('report_user', { callId, type: 'nudity' });
    if (turn < 3) await reporter.request('leave_room', { callId });
    if (turn < 3) await bad.next('partner_disconnected');
  }
  const told = await bad.next('banned');
  expect(told).toMatchObject({ kind: 'hold', reason: 'nudity' });
  expect(told.endsAt).toBeGreaterThan(Date.now() + 50 * 60_000);
  expect(await bad.untilClosed()).toMatchObject({ code: CLOSE.banned.code });
  // Neither another address nor another guest of the same browser is a way around.
  expect(await refused(address, bad.cookie)).toEqual(told);
  expect(await refused(address, withoutGuest(bad.cookie))).toEqual(told);
  const { bans } = (await (await asOperator('GET', '')).json()) as { bans: ListedBan[] };
  const hold = bans.find(({ subjects }) => subjects.some(({ mark }) => mark === bad.id));
  expect(hold).toMatchObject({ by: 'reports', holds: true });
  expect((await asOperator('DELETE', `/${hold?.id}`)).status).toBe(200);
  expect((await come(address, bad.cookie)).id).toBe(bad.id);
}, 30_000);

test('R2 twenty reports of one household hold nobody back', async () => {
  const somebody = await come();
  const household = newAddress();
  for (let turn = 1; turn <= 6; turn += 1) {
    const reporter = await come(household);
    const callId = await meet(reporter, somebody);
    await reporter.request('report_user', { callId, type: 'spam' });
    await reporter.request('leave_room', { callId });
    await somebody.next('partner_disconnected');
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(somebody.isOpen).toBe(true);
}, 30_000);

test('R6 [R6.1] a ban ends the call and the search of its user at once, and tells when it ends', async () => {
  const [bad, partner, searching] = [await come(), await come(), await come()];
  await meet(partner, bad);
  await searching.search({ mode: 'audio' });
  const before = Date.now();
  await impose({ target: { userId: bad.id }, hours: 2 });
  await impose({ target: { userId: searching.id } });
  // The partner is not told of the ban, and nothing that is not so: no connection was lost.
  expect(await partner.next('partner_disconnected')).toMatchObject({ reason: 'left' });
  const told = await bad.next('banned');
  expect(told).toMatchObject({ kind: 'ban', reason: 'harassment' });
  expect(told.endsAt).toBeGreaterThanOrEqual(before + 2 * 3_600_000);
  expect(await searching.untilClosed()).toMatchObject({ code: CLOSE.banned.code });
  await eventually(() => node.parts.liveStats.now().searchingBy.audio === 0);
  expect(node.parts.peers.get(bad.id)).toBeUndefined();
  // The resume token opens nothing either, nor a new tab of the same browser.
  expect(await refused(newAddress(), bad.cookie)).toEqual(told);
  expect(await refused(newAddress(), withoutGuest(bad.cookie))).toEqual(told);
});

test('R6 a banned address lets nobody in, whatever cookies they show; its neighbours are let in', async () => {
  const address = newAddress();
  const { id } = await impose({ target: { address } });
  await refused(address);
  await refused(address);
  const neighbour = address.replace(/\d+$/, '9');
  expect((await come(neighbour)).isOpen).toBe(true);
  await impose({ target: { address: address.replace(/\d+$/, '0/24') } });
  await refused(neighbour);
  await asOperator('DELETE', `/${id}`);
  await refused(address);
});

test('R6 a ban that follows the address of its user learns it when they come', async () => {
  const bad = await come();
  const cookie = bad.cookie;
  bad.close();
  await bad.untilClosed();
  await impose({ target: { userId: bad.id }, follows: ['device', 'address'] });
  const address = newAddress();
  await refused(address, cookie);
  // Without any cookie, from the same address.
  await refused(address);
});

test('R6 a banned user who drops the cookie of the device at each visit adds no marks to the ban', async () => {
  const bad = await come();
  await impose({ target: { userId: bad.id } });
  await bad.untilClosed();
  const marks = (): number | undefined => node.parts.bans.about({ users: [bad.id] })[0]?.subjects.length;
  await eventually(() => marks() === 2);
  const withoutDevice = (bad.cookie ?? '')
    .split('; ')
    .filter((pair) => !pair.startsWith('passerby_device='))
    .join('; ');
  for (let visit = 1; visit <= 3; visit += 1) await refused(newAddress(), withoutDevice);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(marks()).toBe(2);
});

test('R6 a ban whose time is over lets its user in again', async () => {
  const bad = await come();
  await impose({ target: { userId: bad.id }, hours: 0.4 / 3600 });
  await bad.untilClosed();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await come(newAddress(), bad.cookie)).id).toBe(bad.id);
});

test('R6 no address is kept, and the note is for operators alone', async () => {
  const address = newAddress();
  await impose({ target: { address }, note: 'seen by operators' });
  const text = await (await asOperator('GET', '')).text();
  expect(text).not.toContain(address);
  expect(text).toContain('seen by operators');
  expect(JSON.stringify(await refused(address))).not.toContain('operators');
});

test('R6 orders that make no sense are refused with a code, and only operators may ban', async () => {
  for (const order of [
    {},
    { target: {} },
    { target: { userId: 'x', address: '10.0.0.1' } },
    { target: { address: 'example.org' } },
    { target: { address: '10.0.0.0/8' } },
    { target: { userId: 'x' }, hours: 0 },
    { target: { userId: 'x' }, reason: 'none' },
    { target: { userId: 'x' }, follows: ['shoe'] },
  ]) {
    const response = await asOperator('POST', '', { reason: 'spam', hours: 1, ...order });
    expect(response.status).toBe(400);
  }
  expect((await asOperator('POST', '', { target: { reportId: 'x' }, reason: 'spam', hours: 1 })).status).toBe(
    404,
  );
  expect((await asOperator('DELETE', '/nothing')).status).toBe(404);
  expect((await fetch(`${node.url}/videochat/bans`)).status).toBe(401);
});

test('R6 the command lists, bans and lifts on a running node', async () => {
  const bad = await come();
  const bans = async (...words: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['scripts/bans.mjs', ...words, '--url', node.url],
      {
        cwd: path.resolve(__dirname, '../..'),
        env: { ...process.env, OPERATOR_TOKEN: node.operatorToken },
      },
    );
    return stdout;
  };
  const added = await bans(
    'add',
    '--user',
    bad.id,
    '--hours',
    '1',
    '--reason',
    'scam',
    '--note',
    'asked for money',
  );
  expect(await bad.next('banned')).toMatchObject({ reason: 'scam' });
  const [id = ''] = added.split(' ');
  expect(await bans('list')).toContain(`${id}  ban   until`);
  expect(await bans('lift', id)).toContain('lifted');
  expect(await bans('list')).not.toContain(id);
  expect(await bans('list', '--all')).toContain(id);
  expect((await come(newAddress(), bad.cookie)).id).toBe(bad.id);
  await expect(bans('add', '--user', bad.id)).rejects.toMatchObject({ code: 2 });
}, 20_000);

test('R6 the command warns of a user whom nobody knows, and names a value that cannot be', async () => {
  const known = await come();
  const add = (...target: string[]) =>
    promisify(execFile)(
      process.execPath,
      ['scripts/bans.mjs', 'add', ...target, '--hours', '1', '--reason', 'harassment', '--url', node.url],
      {
        cwd: path.resolve(__dirname, '../..'),
        env: { ...process.env, OPERATOR_TOKEN: node.operatorToken },
      },
    );
  const unknown = await add('--user', 'nosuch');
  expect(unknown.stderr).toContain('no user "nosuch" is known');
  expect(unknown.stdout).toContain('user nosuch');
  expect((await add('--user', known.id)).stderr).toBe('');
  await expect(add('--address', '300.1.2.3')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"300.1.2.3" cannot be banned as an address') as string,
  });
  const long = 'x'.repeat(200);
  await expect(add('--user', long)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`does not accept --user "${long}"`) as string,
  });
}, 20_000);
