import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDataFolder } from '../../../src/disk/data-folder';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'passerby-data-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('O4 a data folder is made, and nothing is left in it', async () => {
  const made = path.join(folder, 'a', 'b');
  await openDataFolder(made);
  expect(await readdir(made)).toEqual([]);
});

test('O4 a data folder that cannot be used is named, with the reason and the variable', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  for (const [unusable, reason] of [
    [file, 'it is a file'],
    [path.join(file, 'data'), 'a part of its path is a file'],
    // Here Node's own way of making folders never returns.
    ...(process.platform === 'linux' ? ([['/proc/x/y', 'it cannot be made there']] as const) : []),
  ] as const) {
    await expect(openDataFolder(unusable)).rejects.toThrow(
      new RegExp(`The folder ${unusable} cannot be used: ${reason}.*DATA_DIR`),
    );
  }
});
