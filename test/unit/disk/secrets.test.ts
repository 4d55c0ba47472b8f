import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSecret } from '../../../src/disk/secrets';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'passerby-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('G2 the secret is made once, for its owner alone, and found again', async () => {
  const inside = path.join(folder, 'data');
  const secret = await openSecret(inside);
  expect(secret).toHaveLength(32);
  expect((await openSecret(inside)).equals(secret)).toBe(true);
  expect((await stat(path.join(inside, 'secret'))).mode & 0o777).toBe(0o600);
  expect(await readdir(inside)).toEqual(['secret']);
});

test('G2 processes that start at once agree on one secret', async () => {
  const secrets = await Promise.all(Array.from({ length: 12 }, () => openSecret(folder)));
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1);
  expect(await readdir(folder)).toEqual(['secret']);
});

test('G2 a configured secret is used, and nothing is written', async () => {
  const given = 'a secret that an operator thought of';
  expect((await openSecret(folder, given)).equals(await openSecret(folder, given))).toBe(true);
  expect((await openSecret(folder, given)).equals(await openSecret(folder, `${given}.`))).toBe(false);
  expect(await readdir(folder)).toEqual([]);
});

test('G2 a damaged secret is an error, never a new secret', async () => {
  await writeFile(path.join(folder, 'secret'), 'short');
  await expect(openSecret(folder)).rejects.toThrow(/does not hold a secret/);
  expect(await readFile(path.join(folder, 'secret'), 'utf8')).toBe('short');
});
