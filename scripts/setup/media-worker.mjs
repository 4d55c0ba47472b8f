import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SetupFailure } from './failure.mjs';
import { onInterruption } from './interruption.mjs';
import { doOnce } from './lock.mjs';
import { step } from './progress.mjs';
import { inProject } from './project.mjs';
import { isExecutableFile } from './run-program.mjs';
import { systemRelease } from './system-release.mjs';
import { buildWorker, ensureBuildPackages } from './worker-build.mjs';
import { fetchPrebuiltWorker } from './worker-prebuilt.mjs';
import { tryWorker, workerLoads } from './worker-trial.mjs';

/** Counts the changes to how a worker is made: a higher number leaves older cached ones aside. */
const RECIPE = 1;

/**
 * The program is linked against the system's libraries, so its place names the system's release beside
 * mediasoup's version: after an upgrade of either another one is made.
 */
function cachedWorker() {
  const { version } = JSON.parse(
    fs.readFileSync(inProject('node_modules', 'mediasoup', 'package.json'), 'utf8'),
  );
  const system = systemRelease();
  const key = [version, process.platform, process.arch, system.id, system.version, `r${RECIPE}`].join('-');
  const chosen = process.env.XDG_CACHE_HOME ?? '';
  const caches = path.isAbsolute(chosen) ? chosen : path.join(os.homedir(), '.cache');
  return path.join(caches, 'passerby', 'mediasoup-worker', key, 'mediasoup-worker');
}

function workerFromEnvironment(program) {
  if (isExecutableFile(program) && workerLoads(program)) return program;
  throw new SetupFailure(`MEDIASOUP_WORKER_BIN is set to ${program}, which does not run here.`, {
    remedy: 'point it at a mediasoup-worker program that does, or unset it to have one made.',
  });
}

async function makeWorker(folder) {
  const fetched = await step('Looking for a ready-made media worker', () =>
    fetchPrebuiltWorker(path.join(folder, 'fetched')),
  );
  if (fetched && (await tryWorker(fetched)).works) return fetched;
  console.log('No ready-made media worker could be had for this machine, so it is built from source.');
  await ensureBuildPackages();
  const title = 'Building the media worker (once, some minutes)';
  const built = await step(title, (say) => buildWorker(path.join(folder, 'built'), say));
  const trial = await tryWorker(built);
  if (trial.works) return built;
  throw new SetupFailure('The media worker was built, but it does not run.', {
    output: trial.output,
    remedy: 'set MEDIASOUP_WORKER_BIN to a mediasoup-worker program of your own.',
  });
}

/** Makes a worker beside its final place, so that it gets there whole, by one renaming, or not at all. */
async function putWorkerInto(cached) {
  const folder = path.dirname(cached);
  for (const name of fs.readdirSync(folder)) {
    // These are left over from a set-up that was killed.
    if (name.startsWith('making-')) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  const making = fs.mkdtempSync(path.join(folder, 'making-'));
  const remove = () => fs.rmSync(making, { recursive: true, force: true });
  const forget = onInterruption(remove);
  try {
    fs.renameSync(await makeWorker(making), cached);
  } finally {
    forget();
    remove();
  }
}

function makeCacheFolder(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SetupFailure(`The media worker's cache folder ${folder} can't be created: ${error.message}.`, {
      remedy: 'set XDG_CACHE_HOME to a folder that this user may write to.',
    });
  }
}

/** The path of a media worker that runs on this machine; made first where there is none yet. */
export async function mediaWorker() {
  const chosen = process.env.MEDIASOUP_WORKER_BIN;
  if (chosen) return workerFromEnvironment(path.resolve(chosen));
  const cached = cachedWorker();
  makeCacheFolder(path.dirname(cached));
  const isThere = () => isExecutableFile(cached) && workerLoads(cached);
  await doOnce(path.join(path.dirname(cached), 'lock'), isThere, () => putWorkerInto(cached));
  return cached;
}
