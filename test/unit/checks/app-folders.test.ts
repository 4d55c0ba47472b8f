import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const program = path.resolve(__dirname, '../../../scripts/checks/app-folders.mjs');
let app: string;

beforeEach(() => (app = mkdtempSync(path.join(tmpdir(), 'app-folders-'))));
afterEach(() => rmSync(app, { recursive: true }));

/** Checks a folder with these files: path → what it imports. */
function check(files: Readonly<Record<string, readonly string[]>>) {
  for (const [file, imports] of Object.entries(files)) {
    const place = path.join(app, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, imports.map((from) => `import type { A } from '${from}';\n`).join(''));
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, app], { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

test('import fences: features that import in one direction pass, whatever their own files do', () => {
  const { status, said } = check({
    'calls/call.ts': ['./rules/endings', '../ports/clock', '../peers'],
    'calls/rules/endings.ts': ['../call', '../../peers/peer'],
    'peers/index.ts': ['./peer', '../../domain/age'],
    'peers/peer.ts': [],
    'ports/clock.ts': [],
  });
  expect(said).toContain('no cycles');
  expect(status).toBe(0);
});

test('import fences: two features that import each other fail, also by their subfolders alone', () => {
  const { status, said } = check({
    'calls/rules/endings.ts': ['../../peers/store/peer'],
    'calls/media/join.ts': [],
    'peers/store/peer.ts': [],
    'peers/guests/guest.ts': ['../../calls/media/join'],
  });
  expect(said).toContain('calls → peers → calls');
  expect(said).toContain(path.join('peers', 'guests', 'guest.ts'));
  expect(status).toBe(1);
});

test('import fences: three features in a ring fail, also through a file that lies beside them', () => {
  const { status, said } = check({
    'calls/call.ts': ['../recovery'],
    'recovery.ts': ['./peers/peer'],
    'peers/peer.ts': ['../calls/call'],
  });
  expect(said).toContain('calls → recovery → peers → calls');
  expect(status).toBe(1);
});
