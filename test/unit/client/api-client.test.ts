import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiClient, pathOf } from '../../../client/src/api/api-client';
import { RequestError } from '../../../client/src/errors/request-error';
import { API, type ApiName } from '../../../src/protocol';

interface Heard {
  method: string | undefined;
  url: string | undefined;
  type: string | undefined;
  body: string;
}

let server: Server;
let base = '';
let heard: Heard[] = [];
let answer: (response: ServerResponse) => void = () => undefined;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const part of request) body += String(part);
  return body;
};

beforeAll(async () => {
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      heard.push({ method: request.method, url: request.url, type: request.headers['content-type'], body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  heard = [];
});

const json =
  (status: number, content: unknown) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  };
const api = (): ApiClient => new ApiClient(undefined, base);
const detailsOf = (request: Promise<unknown>): Promise<RequestError['details']> =>
  request.then(
    () => {
      throw new Error('it was not rejected');
    },
    (error: unknown) => {
      if (error instanceof RequestError) return error.details;
      throw error;
    },
  );

describe('A2 the HTTP API as the client uses it', () => {
  it('A2 sends what the table says and parses what comes back', async () => {
    answer = json(200, { blocks: [{ userId: 'a', name: 'Ann', at: 5, more: 'ignored' }] });
    expect(await api().request('blocks')).toEqual({ blocks: [{ userId: 'a', name: 'Ann', at: 5 }] });
    answer = json(200, {});
    await api().request('unblock', { at: { userId: 'a/b c' } });
    await api().request('askReset', { body: { email: 'mira@example.org' } });
    await api().request('logOut');
    expect(heard).toEqual([
      { method: 'GET', url: '/api/me/blocks', type: undefined, body: '' },
      { method: 'DELETE', url: '/api/me/blocks/a%2Fb%20c', type: undefined, body: '' },
      {
        method: 'POST',
        url: '/api/account/reset',
        type: 'application/json',
        body: '{"email":"mira@example.org"}',
      },
      { method: 'POST', url: '/api/account/log-out', type: 'application/json', body: '{}' },
    ]);
  });

  it('A2 knows a value for every place in every path', () => {
    const places: Record<string, Record<string, string>> = {
      unblock: { userId: 'x' },
      logOutDevice: { deviceId: 'x' },
    };
    for (const name of Object.keys(API) as ApiName[]) {
      expect(pathOf(name, places[name])).not.toMatch(/[{}]/);
    }
    expect(() => pathOf('unblock')).toThrow('userId');
  });

  it('C3 hands on what was refused, with the time to wait', async () => {
    answer = json(429, { error: { code: 'rate_limited', message: 'slowly', retryAfterMs: 42_000 } });
    expect(await detailsOf(api().request('me'))).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 42_000,
    });
    answer = json(409, { error: { code: 'trial_used', message: 'taken' } });
    expect(await detailsOf(api().request('me'))).toMatchObject({ code: 'trial_used' });
  });

  it('C3 calls a server that cannot be reached disconnected, in whatever way it is away', async () => {
    answer = (response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
    expect(await detailsOf(api().request('me'))).toMatchObject({ code: 'disconnected' });
    answer = (response) => response.socket?.destroy();
    expect(await detailsOf(api().request('me'))).toMatchObject({ code: 'disconnected' });
    answer = (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    expect(await detailsOf(api().request('me'))).toMatchObject({ code: 'disconnected' });
    expect(await detailsOf(new ApiClient(undefined, 'http://127.0.0.1:1').request('me'))).toMatchObject({
      code: 'disconnected',
    });
  });

  it('C3 takes nothing that it does not understand', async () => {
    answer = json(200, { blocks: [{ userId: 7 }] });
    expect(await detailsOf(api().request('blocks'))).toMatchObject({ code: 'internal' });
    answer = (response) => response.writeHead(200).end('not json');
    expect(await detailsOf(api().request('blocks'))).toMatchObject({ code: 'internal' });
    answer = json(500, { error: { code: 'never heard of', message: '' } });
    expect(await detailsOf(api().request('blocks'))).toMatchObject({ code: 'internal' });
  });
});
