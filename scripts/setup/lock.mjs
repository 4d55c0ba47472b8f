import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onInterruption } from './interruption.mjs';

const HEARTBEAT_MS = 2_000;
const ABANDONED_AFTER_MS = 20_000;
const RETRY_MS = 300;

/** Creates the lock file; false when another set-up holds it. */
function tryToTake(file) {
  try {
    fs.writeFileSync(file, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a lock whose holder stopped renewing it, as one that was killed does. A process id would say
 * so sooner, but means nothing between containers that share a cache folder.
 */
function removeIfAbandoned(file) {
  try {
    if (Date.now() - fs.statSync(file).mtimeMs < ABANDONED_AFTER_MS) return;
    // The renaming succeeds for one of several waiting set-ups only.
    const aside = `${file}.${randomUUID()}`;
    fs.renameSync(file, aside);
    fs.rmSync(aside);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

function renew(file) {
  const now = new Date();
  // The folder may have been deleted meanwhile; the work itself will say so.
  fs.utimes(file, now, now, () => {});
}

async function take(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  while (!tryToTake(file)) {
    if (!told) console.log('Waiting for another set-up that is doing the same work.');
    told = true;
    removeIfAbandoned(file);
    await sleep(RETRY_MS);
  }
}

/**
 * Has `work` done unless `isDone` says that it is, by one set-up at a time: a second one waits, and then
 * finds the work done.
 */
export async function doOnce(lockFile, isDone, work) {
  if (isDone()) return;
  await take(lockFile);
  const release = () => fs.rmSync(lockFile, { force: true });
  const forget = onInterruption(release);
  const heartbeat = setInterval(renew, HEARTBEAT_MS, lockFile);
  try {
    if (!isDone()) await work();
  } finally {
    clearInterval(heartbeat);
    release();
    forget();
  }
}
