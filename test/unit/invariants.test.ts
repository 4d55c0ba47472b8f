import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** `| id | sentence | files |` */
const ROW = /^\| ([A-Z]\d+\.\d+) \| (.+) \| (.+) \|$/gm;
/** The title of a test begins with its features, then the invariants that it shows. */
const TITLE = /\b(?:test|it)(?:\.\w+\([^;]*?\))?\(\s*(['"`])((?:[A-Z]+\d+ )+)((?:\[[A-Z]\d+\.\d+\] )+)/g;

const stated = Array.from(read('docs/invariants.md').matchAll(ROW), ([, id = '', , files = '']) => ({
  id,
  files: Array.from(files.matchAll(/`([^`]+)`/g), ([, file = '']) => file),
}));

/** The invariants that each test file names in its titles. */
const shown = new Map(
  readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `test/${file.split(path.sep).join('/')}`)
    .map((file) => [file, titlesIn(read(file))] as const),
);

function titlesIn(source: string): readonly string[] {
  return Array.from(source.matchAll(TITLE), ([, , , ids = '']) => ids.match(/[A-Z]\d+\.\d+/g) ?? []).flat();
}

test('invariants: every one is stated once, under an id of its own', () => {
  const ids = stated.map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(20);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(stated)(
  'invariants: $id is in the title of a test of every file that is named for it',
  ({ id, files }) => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files)
      expect({ file, ids: shown.get(file) ?? [] }).toEqual({ file, ids: expect.arrayContaining([id]) });
  },
);

test('invariants: no test shows one that is not stated, or in a file that is not named for it', () => {
  const named = new Set(stated.flatMap(({ id, files }) => files.map((file) => `${id} ${file}`)));
  const unnamed = [...shown]
    .flatMap(([file, ids]) => ids.map((id) => `${id} ${file}`))
    .filter((pair) => !named.has(pair));
  expect(unnamed).toEqual([]);
});
