/** `node bench/run.mjs <name> [file …] [-- arguments]`: bundles bench/<name>/*.ts and runs each that has a main(). */
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { mediaWorker } from '../scripts/setup/media-worker.mjs';
import { bundleServer } from '../scripts/setup/server-bundle.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, '..', 'build', 'bench');
const [name, ...rest] = process.argv.slice(2);
if (name === undefined) {
  console.error('usage: node bench/run.mjs <name> [file …] [-- arguments]');
  process.exit(2);
}
const split = rest.indexOf('--');
const only = split < 0 ? rest : rest.slice(0, split);
const args = split < 0 ? [] : rest.slice(split + 1);

// Some start the server as it is built: never one that is older than its sources.
await bundleServer();
const env = { ...process.env, MEDIASOUP_WORKER_BIN: await mediaWorker() };
const folder = path.join(here, name);
for (const file of (await readdir(folder)).filter((entry) => entry.endsWith('.ts')).sort()) {
  const base = path.basename(file, '.ts');
  if (only.length > 0 && !only.includes(base)) continue;
  // The other files are parts that these import.
  if (!/^main\(\)/m.test(await readFile(path.join(folder, file), 'utf8'))) continue;
  const outfile = path.join(out, name, `${base}.cjs`);
  await build({
    entryPoints: [path.join(folder, file)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    loader: { '.lua': 'text' },
    sourcemap: 'inline',
    logLevel: 'error',
  });
  console.log(`— ${name}/${base}`);
  const child = spawn(process.execPath, ['--max-old-space-size=6144', '--expose-gc', outfile, ...args], {
    stdio: 'inherit',
    env,
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) process.exit(typeof code === 'number' ? code : 1);
}
