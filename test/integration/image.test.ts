import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const project = path.resolve(__dirname, '../..');

let folder: string;

/** A folder with what the Dockerfile copies into the image, and nothing else. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'passerby-image-'));
  const dockerfile = await readFile(path.join(project, 'Dockerfile'), 'utf8');
  const copied = [...dockerfile.matchAll(/^COPY --from=build \/app\/(\S+) \S+$/gm)].map(([, name]) => name);
  expect(copied).toEqual(expect.arrayContaining(['package.json', 'node_modules', 'build']));
  for (const name of copied) {
    if (name === undefined) continue;
    const source = path.join(project, name);
    // Only the image's build has this folder: the media worker is elsewhere here.
    if (name === 'bin') continue;
    const target = path.join(folder, name);
    if (name === 'node_modules') await symlink(source, target);
    else if ((await stat(source)).isDirectory()) await cp(source, target, { recursive: true });
    else await cp(source, target);
  }
  await mkdir(path.join(folder, 'data'));
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const npm = (...words: readonly string[]) =>
  run('npm', ['run', '--silent', ...words], { cwd: folder, env: { ...process.env, INIT_CWD: folder } });

test('O3 the image has the commands for operators, and they set nothing up', async () => {
  expect((await npm('records', '--', '--help')).stdout).toContain('restore FILE');
  const { stdout } = await npm('records', '--', 'backup', path.join('data', 'backup.jsonl'));
  expect(stdout).toMatch(/backup\.jsonl/);
  expect(await readFile(path.join(folder, 'data', 'backup.jsonl'), 'utf8')).not.toBe('');
}, 60_000);
