import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inProject, projectFolder } from '../setup/project.mjs';

const JEST = inProject('node_modules', 'jest', 'bin', 'jest.js');
const RUN_REPORTER = inProject('scripts', 'testing', 'run-reporter.mjs');
const SEQUENCER = inProject('scripts', 'testing', 'sequencer.mjs');

/** How long Jest may stay after its last test, for instance because a test left a server open. */
const MAY_STAY_MS = 20_000;

const NO_TESTS = { count: { passed: 0, failed: 0, skipped: 0 }, files: [] };

/**
 * Runs Jest in this terminal and returns { code, signal } of its end. A Ctrl-C reaches Jest by itself; this
 * process only has to outlive it.
 */
export async function runJest(args, env) {
  const jest = spawn(process.execPath, [JEST, ...args], {
    cwd: projectFolder,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  if (env.PASSERBY_TEST_RUN) endWhenLate(jest, env.PASSERBY_TEST_RUN);
  const wait = () => {};
  const passOn = () => jest.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', passOn);
  const end = await new Promise((resolve, reject) => {
    jest.once('error', reject);
    jest.once('close', (code, signal) => resolve({ code, signal }));
  });
  process.off('SIGINT', wait).off('SIGTERM', passOn);
  return end;
}

/** Ends a Jest that stays after its run, since the whole command would otherwise wait for ever. */
function endWhenLate(jest, runFile) {
  let doneAt;
  const check = () => {
    if (!doneAt && fs.existsSync(runFile)) doneAt = Date.now();
    if (!doneAt || Date.now() - doneAt < MAY_STAY_MS) return;
    console.error('Jest did not end after its last test, so it was ended. A test leaves something open.');
    clearInterval(watch);
    jest.kill('SIGKILL');
  };
  const watch = setInterval(check, 1_000);
  jest.once('close', () => clearInterval(watch));
}

/** Ends this process as Jest ended when a signal ended it, so that the caller sees the interruption. */
export function exitCodeOf({ code, signal }) {
  if (signal === 'SIGINT' || signal === 'SIGTERM') process.kill(process.pid, signal);
  return code ?? 1;
}

/**
 * Runs the tests of some projects and returns { count: { passed, failed, skipped }, files, hasCrashed }, the files as
 * the reporter writes them.
 */
export async function runTests(projects, args, env) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'passerby-tests-'));
  const file = path.join(folder, 'run.json');
  const reporters = ['--reporters=default', `--reporters=${RUN_REPORTER}`];
  const own = ['--passWithNoTests', `--testSequencer=${SEQUENCER}`, ...reporters];
  const all = [...args, ...own, '--selectProjects', ...projects];
  const end = await runJest(all, { ...env, PASSERBY_TEST_RUN: file });
  const { count, files } = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : NO_TESTS;
  fs.rmSync(folder, { recursive: true, force: true });
  // Jest can fail where no test did, for example on a coverage limit or a crash of its own; or it had to be ended.
  const hasFailedElsewhere = exitCodeOf(end) !== 0 && count.failed === 0;
  const hasCrashed = hasFailedElsewhere || end.signal !== null;
  return { count: hasFailedElsewhere ? { ...count, failed: 1 } : count, files, hasCrashed };
}
