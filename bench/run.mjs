/**
 * `node bench/run.mjs <name> [file …] [--before DIR] [-- arguments]`: bundles bench/<name>/*.ts and runs each that has a
 * main(). `--before`: another checkout of the product, for benches that compare two of them.
 */
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { mediaWorker } from '../scripts/setup/media-worker.mjs';
import { bundleClient } from '../scripts/setup/client-bundle.mjs';
import { bundleServer } from '../scripts/setup/server-bundle.mjs';
import { CHROMIUM, REDIS, testProgram } from '../scripts/setup/test-programs.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, '..', 'build', 'bench');
const folders = (await readdir(here, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory() && entry.name !== 'support')
  .map(({ name }) => name);
const usage = `usage: node bench/run.mjs <${folders.join(' | ')}> [file …] [--before DIR] [-- arguments]`;

function fail(text) {
  console.error(text);
  process.exit(2);
}

const [name, ...rest] = process.argv.slice(2);
if (!folders.includes(name)) fail(usage);
const split = rest.indexOf('--');
const own = split < 0 ? rest : rest.slice(0, split);
let args = split < 0 ? [] : rest.slice(split + 1);
const option = own.indexOf('--before');
const [, before] = option < 0 ? [] : own.splice(option, 2);
if (option >= 0 && before === undefined) fail(usage);
if (name === 'compare') {
  // What is compared is named first among the arguments.
  if (before === undefined || args[0] === undefined)
    fail('usage: node bench/run.mjs compare --before DIR -- media [rounds]');
  own.push(args[0]);
  args = args.slice(1);
}

/** Where the steps of a checkout's own set-up are. */
async function setupStep(checkout, file) {
  const found = await readdir(path.join(checkout, 'scripts'), { recursive: true });
  const step = found.find((entry) => path.basename(entry) === file);
  if (step === undefined) fail(`${checkout} has no ${file} among its scripts`);
  return import(path.join(checkout, 'scripts', step));
}

async function environment() {
  const env = { ...process.env, MEDIASOUP_WORKER_BIN: await mediaWorker() };
  for (const program of [CHROMIUM, REDIS]) {
    const found = await testProgram(program);
    if (found) env[program.variable] = found;
  }
  if (before !== undefined) env.BENCH_BEFORE = path.resolve(before);
  return env;
}

/** Some start the server as it is built: never one that is older than its sources. */
async function bundleProduct() {
  await bundleServer();
  if (name === 'compare') await bundleClient();
  if (before === undefined) return;
  const checkout = path.resolve(before);
  await (await setupStep(checkout, 'server-bundle.mjs')).bundleServer();
  await (await setupStep(checkout, 'client-bundle.mjs')).bundleClient();
}

async function bundle(file) {
  const outfile = path.join(out, `${file.replace(/\.ts$/, '')}.cjs`);
  await build({
    entryPoints: [path.join(here, file)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    loader: { '.lua': 'text' },
    sourcemap: 'inline',
    logLevel: 'error',
  });
  return outfile;
}

const env = await environment();
await bundleProduct();
await bundle('support/server-probe.ts');
for (const file of (await readdir(path.join(here, name))).filter((entry) => entry.endsWith('.ts')).sort()) {
  if (own.length > 0 && !own.includes(path.basename(file, '.ts'))) continue;
  // The other files are parts that these import.
  if (!/^main\(\)/m.test(await readFile(path.join(here, name, file), 'utf8'))) continue;
  const program = await bundle(path.join(name, file));
  console.log(`— ${name}/${path.basename(file, '.ts')}`);
  const child = spawn(process.execPath, ['--max-old-space-size=6144', '--expose-gc', program, ...args], {
    stdio: 'inherit',
    env,
    cwd: path.join(here, '..'),
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) process.exit(typeof code === 'number' ? code : 1);
}
