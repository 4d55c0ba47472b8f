import { z } from 'zod';
import { DomainError } from '../../../src/domain/error';
import type { Authenticator } from '../../../src/http/auth/authenticator';
import { ReplyWithStatus } from '../../../src/http/routing/context';
import { nothing, get, patch, post, remove } from '../../../src/protocol/api/endpoint';
import { bytesSchema, rawReplySchema } from '../../../src/http/endpoints/node-schemas';
import { CALLERS, lookUps, serveTable, type TableServer } from './endpoint-app';

const text = z.object({ text: z.string() });
const TABLE = {
  open: get('/api/open', 'anyone', text, 'For anyone'),
  one: get('/api/things/{thingId}/parts/{partId}', 'user', text, 'One part of a thing'),
  change: patch('/api/things', 'user', text, text, 'Changes a thing'),
  remove: remove('/api/things', 'account', nothing, 'Removes a thing'),
  wrong: get('/api/wrong', 'anyone', text, 'Breaks its own contract'),
  state: {
    ...get('/node/state', 'operator', text, 'How it is'),
    audience: 'programs',
    statuses: { 503: { description: 'Not well' } },
  },
  event: {
    ...post('/node/event', 'anyone', bytesSchema, text, 'Takes bytes'),
    audience: 'programs',
    bodyFormat: 'bytes',
    headers: ['X-Signature'],
  },
  act: { ...post('/node/act', 'operator', nothing, text, 'Acts'), audience: 'programs', bodyFormat: 'none' },
  figures: {
    ...get('/node/figures', 'operator', rawReplySchema, 'Figures'),
    audience: 'programs',
    contentType: 'text/plain',
  },
} as const;

/** Another source of credentials, as moderators will have one. */
const badge: Authenticator = {
  roles: ['operator'],
  authenticate: ({ headers }) => (headers['x-badge'] === 'gold' ? { role: 'operator' } : null),
  errorFor: () => new DomainError('not_found', 'there is nothing here'),
};

let server: TableServer;
beforeAll(async () => {
  server = await serveTable(
    TABLE,
    {
      open: ({ caller }) => ({ text: caller.role }),
      one: ({ caller, params }) => ({ text: `${caller.identity.userId} ${params.thingId} ${params.partId}` }),
      change: ({ caller, body }) => ({ text: `${caller.role} ${body.text}` }),
      remove: () => ({}),
      wrong: () => JSON.parse('{"text":1,"secret":2}'),
      state: () => new ReplyWithStatus(503, { text: 'ill' }),
      event: ({ body, header }) => ({ text: `${body?.toString('hex')} ${header('X-Signature')}` }),
      act: () => ({ text: 'acted' }),
      figures: () => ({ type: 'text/plain; version=1', body: 'a 1\n' }),
    },
    [badge],
  );
});
afterAll(() => server.close());

const json = { 'content-type': 'application/json' };

test('S5 checks come in this order: origin, caller, body, handler', async () => {
  const body = '{"text":5}';
  const ask = (headers: Record<string, string>, content = body) =>
    server.ask('PATCH', '/api/things', { headers: { ...json, ...headers }, body: content });
  expect(await ask({ origin: 'https://evil.example' })).toMatchObject({
    status: 403,
    code: 'foreign_origin',
  });
  expect(await ask({ origin: server.url })).toMatchObject({ status: 401, code: 'log_in_first' });
  const asPerson = { origin: server.url, ...CALLERS.user };
  expect(await ask(asPerson)).toMatchObject({ status: 400, code: 'bad_data' });
  expect((await ask(asPerson)).text).toContain('not as it should be: text');
  expect(await ask(asPerson, '{"text":"b"}')).toMatchObject({ status: 200, text: '{"text":"user b"}' });
});

test('A2 a caller is found by their credentials, and parameters by the path', async () => {
  const ask = (headers: Record<string, string>, path = '/api/things/a%20b/parts/c') =>
    server.ask('GET', path, { headers });
  expect((await ask(CALLERS.user)).text).toBe('{"text":"guest_1 a b c"}');
  expect((await ask(CALLERS.account)).text).toBe('{"text":"user_1 a b c"}');
  expect(await ask(CALLERS.operator)).toMatchObject({ status: 401, code: 'log_in_first' });
  const long = `/api/things/${'x'.repeat(201)}/parts/c`;
  expect(await ask(CALLERS.user, long)).toMatchObject({ status: 400, code: 'bad_data' });
});

test('A2 an account is needed: guests and unknown callers get different errors', async () => {
  const ask = (headers: Record<string, string>) =>
    server.ask('DELETE', '/api/things', { headers: { origin: server.url, ...headers } });
  expect((await ask({})).text).toContain('nobody is known by these cookies');
  expect((await ask(CALLERS.user)).text).toContain('this needs an account');
  expect(await ask(CALLERS.account)).toMatchObject({ status: 200, text: '{}' });
});

test('O1 no user is looked up by cookies where anyone may call, or only an operator', async () => {
  const before = lookUps.count;
  expect((await server.ask('GET', '/api/open', { headers: CALLERS.account })).text).toBe('{"text":"anyone"}');
  await server.ask('GET', '/node/figures', { headers: CALLERS.account });
  expect(lookUps.count).toBe(before);
  await server.ask('GET', '/api/things/a/parts/b', { headers: CALLERS.account });
  expect(lookUps.count).toBe(before + 1);
});

test('O1 a further kind of credentials is one more authenticator; the first one words the error', async () => {
  const ask = (headers: Record<string, string>) => server.ask('GET', '/node/figures', { headers });
  expect(await ask({ 'x-badge': 'gold' })).toMatchObject({ status: 200, text: 'a 1\n' });
  expect(await ask(CALLERS.operator)).toMatchObject({ status: 200 });
  expect(await ask({ 'x-badge': 'tin' })).toMatchObject({ status: 401, code: 'unauthorized' });
});

test.each(['Bearer wrong', 'Basic operator-token-for-tests', 'Bearer', 'Bearer operator-token-for-test', ''])(
  'O1 %j is no operator’s token',
  async (authorization) => {
    const answer = await server.ask('POST', '/node/act', { headers: { authorization } });
    expect(answer).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  },
);

test('O1 programs need no origin, and no body where the entry says that none is read', async () => {
  const headers = { ...CALLERS.operator, origin: 'https://evil.example' };
  const answer = await server.ask('POST', '/node/act', { headers, body: 'no JSON' });
  expect(answer).toMatchObject({ status: 200, text: '{"text":"acted"}' });
  expect(answer.headers.get('cache-control')).toBeNull();
});

test('P2 bytes and the headers that are read come as they were sent', async () => {
  const headers = { 'x-signature': 's', 'content-type': 'text/anything' };
  const ask = (body?: string) => server.ask('POST', '/node/event', { headers, ...(body && { body }) });
  expect((await ask('{ }')).text).toBe('{"text":"7b207d s"}');
  expect((await ask()).text).toBe('{"text":" s"}');
  expect(await ask('x'.repeat(256 * 1024 + 1))).toMatchObject({ status: 413, code: 'too_large' });
});

test('O1 a reply has the status and the type that its entry names', async () => {
  const state = await server.ask('GET', '/node/state', { headers: CALLERS.operator });
  expect(state).toMatchObject({ status: 503, text: '{"text":"ill"}' });
  const figures = await server.ask('GET', '/node/figures', { headers: CALLERS.operator });
  expect(figures.headers.get('content-type')).toBe('text/plain; version=1; charset=utf-8');
});

test('O1 a reply that is not what the entry says is an error of the server, and is not sent', async () => {
  const answer = await server.ask('GET', '/api/wrong');
  expect(answer).toMatchObject({ status: 500, code: 'internal' });
  expect(answer.text).not.toContain('secret');
  expect(server.errors).toHaveLength(1);
});

test('S5 large, broken and compressed bodies are rejected', async () => {
  const ask = (body: string, headers: Record<string, string> = {}) =>
    server.ask('PATCH', '/api/things', {
      headers: { origin: server.url, ...CALLERS.user, ...json, ...headers },
      body,
    });
  expect(await ask('x'.repeat(64 * 1024 + 1))).toMatchObject({ status: 413, code: 'too_large' });
  expect(await ask('{')).toMatchObject({ status: 400, code: 'bad_json' });
  expect(await ask('{}', { 'content-encoding': 'gzip' })).toMatchObject({ status: 400, code: 'bad_data' });
  expect(await ask('{}', { 'content-type': 'text/plain' })).toMatchObject({ status: 400, code: 'bad_data' });
  expect((await ask('[]')).text).toContain('not as it should be: the whole body');
});
