import { spawnSync } from 'node:child_process';
import { inProject } from './project.mjs';
import { runProgram } from './run-program.mjs';

const TIME_LIMIT_MS = 10_000;

/** The worker ends with this code when it was not started by mediasoup, before it does anything. */
const NOT_STARTED_BY_MEDIASOUP = 41;

/**
 * Whether the program loads on this machine, in a few milliseconds. LD_BIND_NOW has every symbol of every
 * library looked up at once, so that one changed by a system upgrade shows here and not in a call.
 */
export function workerLoads(program) {
  const { status } = spawnSync(program, [], {
    env: { LD_BIND_NOW: '1' },
    stdio: 'ignore',
    timeout: TIME_LIMIT_MS,
  });
  return status === NOT_STARTED_BY_MEDIASOUP;
}

/** Has mediasoup start the program, talk to it and close it; returns { works, output }. */
export async function tryWorker(program) {
  const trial = inProject('scripts', 'setup', 'worker', 'try-worker.mjs');
  const { code, output } = await runProgram(process.execPath, [trial, program], { timeLimit: TIME_LIMIT_MS });
  return { works: code === 0, output };
}
