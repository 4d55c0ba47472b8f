import { z } from 'zod';
import { ForwardingMonitor } from '../../../src/http/forwarding-monitor';
import { createHttpApp } from '../../../src/http/app';
import { PAGES } from '../../../src/http/client';
import { ENDPOINTS } from '../../../src/http/endpoints';
import {
  healthReplySchema,
  roomsReplySchema,
  statsReplySchema,
} from '../../../src/http/endpoints/node-schemas';
import { openApiDocument } from '../../../src/http/endpoints/openapi';
import type { Endpoint } from '../../../src/protocol';
import { startNode, type TestNode } from '../../support/node';

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ MEDIA_WORKERS: '1' });
});
afterAll(() => node.close());

type Operation = {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
  requestBody?: object;
  parameters?: object[];
};
const paths = openApiDocument().paths as Record<string, Record<string, Operation>>;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test('O1 every endpoint of the table is described, and nothing else', () => {
  const names = operations.map(({ operation }) => operation.operationId);
  expect([...names].sort()).toEqual(Object.keys(ENDPOINTS).sort());
  for (const [name, { method, path }] of Object.entries<Endpoint>(ENDPOINTS)) {
    expect(paths[path]?.[method.toLowerCase()]?.operationId).toBe(name);
  }
});

/** Express keeps its routes in layers; a layer has a route, or a router with layers of its own. */
const layerSchema = z.object({
  rawPath: z.union([z.string(), z.array(z.string())]),
  route: z
    .object({ path: z.union([z.string(), z.array(z.string())]), methods: z.record(z.string(), z.boolean()) })
    .optional(),
  handle: z.custom<{ stack?: unknown }>((value) => typeof value === 'function'),
});

/** Every method and path that the server answers, as the description would write them. */
function routesOf(stack: unknown, at = ''): string[] {
  const layers = z.array(layerSchema).parse(stack);
  return layers.flatMap(({ rawPath, route, handle }) => {
    if (route !== undefined) {
      const methods = Object.keys(route.methods).filter((method) => method !== '_all');
      return [route.path].flat().flatMap((path) => {
        const whole = `${at}${path}`.replace(/(?<=.)\/$/, '').replace(/:(\w+)/g, '{$1}');
        return methods.map((method) => `${method} ${whole}`);
      });
    }
    if (handle.stack === undefined) return [];
    return [rawPath].flat().flatMap((path) => routesOf(handle.stack, at + (path === '/' ? '' : path)));
  });
}

test('O1 every route the server has is described, but for the pages of the client', () => {
  const app = createHttpApp({
    ...node.parts,
    uptimeMs: () => 0,
    clientDir: '.',
    trustedProxies: [],
    allowedOrigins: [],
    operatorToken: 'token',
    forwarding: new ForwardingMonitor(() => undefined),
    renderMetrics: () => Promise.resolve({ type: 'text/plain', body: '' }),
    isStopping: () => false,
  });
  const pages = new Set([
    ...Object.values(PAGES).flatMap((addresses) => addresses.map((address) => `get ${address}`)),
    // The page's own file leads to the page.
    'get /index.html',
  ]);
  const routes = routesOf(app.router.stack).filter((route) => !pages.has(route));
  expect(routes.sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort());
  expect(routes).toContain('get /videochat/health');
});

test('O1 every reply says what is in it, but for the description itself', () => {
  const isLoose = ({ responses }: Operation): boolean =>
    Object.values(responses).some(({ content = {} }) =>
      /"additionalProperties":\{\}|"items":\{\}/.test(JSON.stringify(content)),
    );
  const loose = operations.filter(({ operation }) => isLoose(operation));
  expect(loose.map(({ operation }) => operation.operationId)).toEqual(['openApi']);
});

test.each([
  ['health', healthReplySchema],
  ['stats', statsReplySchema],
  ['rooms', roomsReplySchema],
] as const)('O1 what the node says of its %s is what is described', async (name, schema) => {
  const response = await fetch(`${node.url.replace('localhost', '127.0.0.1')}/videochat/${name}`, {
    headers: { authorization: `Bearer ${node.operatorToken}` },
  });
  expect(schema.strict().safeParse(await response.json())).toMatchObject({ success: true });
});

test.each(operations)(
  'O1 $method $path, as it is described, answers',
  async ({ path, method, operation }) => {
    const url = node.url.replace('localhost', '127.0.0.1');
    const response = await fetch(url + path.replace(/\{\w+\}/g, 'x'), {
      method: method.toUpperCase(),
      headers: {
        origin: url,
        'content-type': 'application/json',
        authorization: `Bearer ${node.operatorToken}`,
      },
      ...(method === 'post' || method === 'patch' ? { body: '{}' } : {}),
    });
    const missing = '404' in operation.responses ? [] : [404];
    expect([...missing, 405, 500]).not.toContain(response.status);
    const [type = ''] = response.ok
      ? Object.keys(operation.responses['200']?.content ?? {})
      : ['application/json'];
    expect(response.headers.get('content-type')).toContain(type);
  },
);

test('O1 the description is served, and its schemas have no loose ends', async () => {
  const response = await fetch(`${node.url.replace('localhost', '127.0.0.1')}/api/openapi.json`);
  const text = await response.text();
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  expect(JSON.parse(text)).toMatchObject({ openapi: '3.1.0' });
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
  expect(new Set(references)).toEqual(new Set(['#/components/responses/Refused']));
  const register = paths['/api/account']?.['post'];
  expect(JSON.stringify(register?.requestBody)).toContain('"birthDate"');
});
