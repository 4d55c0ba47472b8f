import { DomainError } from '../../../src/domain/error';
import { ENDPOINTS, type EndpointName } from '../../../src/http/endpoints';
import { NODE_API } from '../../../src/http/endpoints/node-endpoints';
import type { Handlers } from '../../../src/http/routing/context';
import { API, ROLES, type Endpoint, type Role } from '../../../src/protocol';
import { CALLERS, serveTable, type TableServer } from './endpoint-app';

/** The handler of these tests. Its error differs from that of every check before it. */
const reached = () => {
  throw new DomainError('shutting_down', 'the handler was reached');
};
const NAMES = Object.keys(ENDPOINTS) as EndpointName[];
const handlers = Object.fromEntries(NAMES.map((name) => [name, reached])) as Record<
  EndpointName,
  () => never
>;

let server: TableServer;
beforeAll(async () => {
  const all: Handlers<typeof ENDPOINTS> = handlers;
  server = await serveTable(ENDPOINTS, all);
});
afterAll(() => server.close());

const REJECTED: Readonly<Record<Role, string | null>> = {
  anyone: null,
  user: 'log_in_first',
  account: 'log_in_first',
  operator: 'unauthorized',
};

/** Who may call what requires each role. */
const ALLOWED: Readonly<Record<Role, readonly Role[]>> = {
  anyone: ['anyone', 'user', 'account', 'operator'],
  user: ['user', 'account'],
  account: ['account'],
  operator: ['operator'],
};

describe.each(Object.entries<Endpoint>(ENDPOINTS))('A2 %s', (_name, endpoint) => {
  const { method, path, role: required } = endpoint;
  const ask = (headers: Record<string, string>) =>
    server.ask(method, path.replace(/\{\w+\}/g, 'x'), {
      headers: { origin: server.url, 'content-type': 'application/json', ...headers },
      ...(method === 'POST' || method === 'PATCH' ? { body: '{}' } : {}),
    });

  test.each(ROLES)('asked by a caller with the role %s', async (own) => {
    const { status, code, headers } = await ask(CALLERS[own]);
    if (ALLOWED[required].includes(own)) {
      // Only callers that may call get an error about their body.
      expect(['shutting_down', 'bad_data']).toContain(code);
    } else {
      expect([status, code]).toEqual([401, REJECTED[required]]);
    }
    expect(headers.get('www-authenticate')).toBe(code === 'unauthorized' ? 'Bearer' : null);
    expect(headers.get('cache-control')).toBe(endpoint.audience === 'programs' ? null : 'no-store');
  });

  test('asked with another method', async () => {
    const allowed = Object.values<Endpoint>(ENDPOINTS)
      .filter((other) => other.path === path)
      .map((other) => other.method);
    const { status, code, headers } = await server.ask('PUT', path.replace(/\{\w+\}/g, 'x'));
    expect([status, code, headers.get('allow')]).toEqual([405, 'method_not_allowed', allowed.join(', ')]);
  });
});

test('O1 no endpoint of one table hides an endpoint of the other', () => {
  expect(NAMES).toHaveLength(Object.keys(API).length + Object.keys(NODE_API).length);
  const places = Object.values<Endpoint>(ENDPOINTS).map(({ method, path }) => `${method} ${path}`);
  expect(new Set(places).size).toBe(places.length);
});
