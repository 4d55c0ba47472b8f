import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SCRIPTS } from '../../../src/redis/scripts';
import { resolveIncludes } from '../../../src/redis/scripts/includes';

const folder = path.resolve(__dirname, '../../../src/redis/scripts');
const filesIn = (place: string): string[] => readdirSync(place).filter((name) => name.endsWith('.lua'));
const FILE = /^(\w+)-(\d+|n)\.lua$/;

interface ScriptFile {
  readonly file: string;
  readonly name: string;
  readonly keys: number | 'n';
  readonly header: string;
  readonly code: string;
}

function read(file: string): ScriptFile {
  const [, name = '', keys = ''] = FILE.exec(file) ?? [];
  const [, header = '', code = ''] =
    /^--\[\[\n(.*?)\n\]\]\n(.*)$/s.exec(readFileSync(path.join(folder, file), 'utf8')) ?? [];
  return { file, name, keys: keys === 'n' ? 'n' : Number(keys), header, code };
}

/** The lines of one part of a header, for example those under `KEYS`. */
function part(header: string, title: string): string[] {
  const lines = header.split('\n');
  const first = lines.indexOf(`  ${title}`);
  if (first < 0) return [];
  const rest = lines.slice(first + 1);
  const end = rest.indexOf('');
  return rest.slice(0, end < 0 ? undefined : end);
}

/** What stands before the text of each numbered line of a part. */
const labels = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => /^ {4}(\d+|n) {2}\S/.exec(line)?.[1] ?? []);

/** The numbers under which a script reads its keys; `n` where it reads all of them. */
const keysRead = (code: string): Set<string> =>
  new Set([...code.matchAll(/KEYS\[(\d+)\]/g)].map(([, at]) => at ?? ''));

const scripts = filesIn(folder).map(read);

test('M9 every Redis script is a command of the client, with the count of keys that its file is named with', () => {
  const named = new Map(scripts.map(({ name, keys }) => [name, keys]));
  expect(new Map(SCRIPTS.map(({ name, keys }) => [name, keys]))).toEqual(named);
  expect(named.size).toBe(SCRIPTS.length);
});

test.each(scripts)(
  'M9 the header of $file names its keys, its arguments and its answer',
  ({ keys, header }) => {
    const expected = keys === 'n' ? ['n'] : Array.from({ length: keys }, (_, at) => String(at + 1));
    expect(labels(part(header, 'KEYS'))).toEqual(expected);
    expect(part(header, 'ARGV').length).toBeGreaterThan(0);
    expect(part(header, 'Answer').length).toBeGreaterThan(0);
  },
);

test.each(scripts)('M9 $file reads every key that it is passed, and no other', ({ keys, code }) => {
  const expected = keys === 'n' ? [] : Array.from({ length: keys }, (_, at) => String(at + 1));
  expect([...keysRead(code)].sort()).toEqual(expected);
  if (keys === 'n') expect(code).toContain('ipairs(KEYS)');
});

test('M9 what Redis runs of a script is its file with its includes in it', () => {
  const text = (name: string) => SCRIPTS.find((script) => script.name === name)?.lua ?? '';
  expect(text('releaseLease')).toBe(readFileSync(path.join(folder, 'releaseLease-1.lua'), 'utf8'));
  expect(text('voidTicket')).toContain('local function serverTime()');
  expect(text('voidTicket')).toContain('local PUT_WITHIN_MS = 20000');
  for (const { lua } of SCRIPTS) expect(lua).not.toContain('@include');
});

test('M9 every shared part is included by some script', () => {
  for (const file of filesIn(path.join(folder, 'includes'))) {
    const line = `--- @include "${path.basename(file, '.lua')}"`;
    expect(scripts.filter(({ code }) => code.includes(`${line}\n`)).length).toBeGreaterThan(0);
  }
});

test('M9 an include that does not exist, or one within an include, is rejected', () => {
  expect(() => resolveIncludes('--- @include "nowhere"\nreturn 1\n')).toThrow('nowhere');
  const nested = new Map([['a', '--- @include "b"\n']]);
  expect(() => resolveIncludes('--- @include "a"\n', nested)).toThrow('includes something itself');
});
