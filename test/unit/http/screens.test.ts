import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { ROUTES } from '../../../client/src/chat/navigation/routes';
import { PAGES, clientRoutes } from '../../../src/http/client';
import { notFound } from '../../../src/http/errors';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

let folder: string;
let server: Server;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'passerby-client-'));
  await writeFile(path.join(folder, 'index.html'), 'the page');
  await writeFile(path.join(folder, 'console.html'), 'the console');
  server = createServer(express().use(clientRoutes(folder)).use(notFound));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

async function ask(at: string, accept: string): Promise<[number, string]> {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${at}`, { headers: { accept } });
  return [response.status, await response.text()];
}

test('C1 the server answers every address of the chat app with its page, and no other', () => {
  const addresses = Object.values(ROUTES).filter((at) => at !== ROUTES.home && at !== ROUTES.unknown);
  expect([...PAGES['index.html']].sort()).toEqual([...addresses].sort());
});

test('R4 the moderators have a page of their own', async () => {
  expect(await ask('/console', BROWSER)).toEqual([200, 'the console']);
  expect(await ask('/console/nothing', BROWSER)).toEqual([404, 'the page']);
});

test('C1 a browser at an address that does not exist gets the page, with the status 404', async () => {
  expect(await ask('/plans', BROWSER)).toEqual([200, 'the page']);
  expect(await ask('/nothing', BROWSER)).toEqual([404, 'the page']);
  expect(await ask('/account/nothing', BROWSER)).toEqual([404, 'the page']);
  expect(await ask(ROUTES.unknown, BROWSER)).toEqual([404, 'the page']);
});

test('O1 programs, and browsers below the paths of programs, get the coded error', async () => {
  const coded = [404, expect.stringContaining('"not_found"')];
  expect(await ask('/nothing', '*/*')).toEqual(coded);
  expect(await ask('/nothing', 'application/json')).toEqual(coded);
  for (const at of ['/api/nothing', '/videochat/nothing', '/metrics/nothing', '/assets/gone.js']) {
    expect(await ask(at, BROWSER)).toEqual(coded);
  }
});

test('C3 nobody keeps the answer that a file of the app is not here: after an upgrade it may be', async () => {
  const { port } = server.address() as AddressInfo;
  for (const at of ['/assets/gone-Cc7Tt0Zb.js', '/assets/gone.css']) {
    const response = await fetch(`http://127.0.0.1:${port}${at}`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store']);
  }
});

test('C1 where no client was built, browsers are told where the page is, and programs get the coded error', async () => {
  await rm(path.join(folder, 'index.html'));
  for (const at of ['/', '/plans', '/nothing']) {
    expect(await ask(at, BROWSER)).toEqual([404, expect.stringContaining('`npm run dev` serves it at')]);
  }
  for (const at of ['/', '/nothing']) {
    expect(await ask(at, 'application/json')).toEqual([404, expect.stringContaining('"not_found"')]);
  }
});
