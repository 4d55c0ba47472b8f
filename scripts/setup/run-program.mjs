import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { SetupFailure } from './failure.mjs';
import { onInterruption } from './interruption.mjs';

const LINES_KEPT = 200;

/** Ends a program together with everything it started, which shares its process group. */
function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * Runs a program to its end and returns { code, output, timedOut }; `code` is null when it could not be
 * started or a signal ended it. `onLine` hears each line it prints. The program gets a process group of
 * its own, because the time limit and an interruption have to end its children too.
 */
export async function runProgram(command, args, { cwd, env, timeLimit, onLine } = {}) {
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = [];
  const keep = (line) => {
    lines.push(line);
    if (lines.length > LINES_KEPT) lines.shift();
    onLine?.(line);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', keep);

  const forget = onInterruption(() => killGroup(child, 'SIGTERM'));
  let timedOut = false;
  const onTimeLimit = () => {
    timedOut = true;
    killGroup(child, 'SIGKILL');
  };
  const timer = timeLimit && setTimeout(onTimeLimit, timeLimit);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      keep(error.message);
      resolve(null);
    });
    child.once('close', resolve);
  });
  clearTimeout(timer);
  forget();
  return { code, output: lines.join('\n'), timedOut };
}

/** Runs a program that has to succeed; `words` are the failure's sentence and remedy. */
export async function mustRun(command, args, words, options) {
  const result = await runProgram(command, args, options);
  if (result.code === 0) return result;
  throw new SetupFailure(words.failure, { output: result.output, remedy: words.remedy });
}

/** The first of these programs that is found in PATH, as a full path, or undefined. */
export function findProgram(names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(path.isAbsolute);
  for (const name of names) {
    for (const folder of path.isAbsolute(name) ? [''] : folders) {
      const candidate = path.join(folder, name);
      if (isExecutableFile(candidate)) return candidate;
    }
  }
  return undefined;
}

export function isExecutableFile(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
