import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { SetupFailure } from './failure.mjs';
import { doOnce } from './lock.mjs';
import { inProject, projectFolder } from './project.mjs';
import { step } from './progress.mjs';
import { runProgram } from './run-program.mjs';

const LOCK_FILE = inProject('package-lock.json');
const STAMP = inProject('node_modules', '.set-up-stamp.json');
const PLATFORM = `${process.platform}-${process.arch}`;

function wantedStamp() {
  const lock = createHash('sha256').update(fs.readFileSync(LOCK_FILE)).digest('hex');
  return { lock, node: process.versions.node.split('.')[0], platform: PLATFORM };
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Whether npm's own record of what lies in node_modules holds every package of the lock file. It does
 * after a developer's `npm install`, and installing all of it again would be a waste. Optional packages
 * are left out: most of them are programs for other platforms.
 */
function holdsAllPackages() {
  const locked = readJson(LOCK_FILE)?.packages ?? {};
  const installed = readJson(inProject('node_modules', '.package-lock.json'))?.packages;
  if (!installed) return false;
  return Object.entries(locked).every(
    ([place, entry]) => place === '' || entry.optional || installed[place]?.version === entry.version,
  );
}

function writeStamp() {
  fs.writeFileSync(STAMP, JSON.stringify(wantedStamp()));
}

function areInstalled() {
  const stamp = readJson(STAMP);
  const wanted = wantedStamp();
  if (stamp && JSON.stringify(stamp) === JSON.stringify(wanted)) return true;
  // A folder filled on another platform has the other platform's programs, whatever npm's record says.
  if (stamp && stamp.platform !== PLATFORM) return false;
  if (!holdsAllPackages()) return false;
  writeStamp();
  return true;
}

/** npm as this process was started by it, or the one in PATH. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('npm-cli.js') ? [process.execPath, cli] : ['npm'];
}

/** What npm said went wrong, without its warnings and the manual that it adds to some errors. */
function errorsIn(output) {
  const lines = output.split('\n').filter((line) => !line.startsWith('npm warn'));
  const manual = lines.findIndex((line) => line.includes('Clean install a project'));
  return (manual < 0 ? lines : lines.slice(0, manual)).filter((line) => line !== 'npm error').join('\n');
}

async function install() {
  const [command, ...first] = npmCommand();
  // The bundlers are development dependencies, and NODE_ENV=production would leave them out.
  const args = [...first, 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { code, output } = await runProgram(command, args, { cwd: projectFolder });
  if (code !== 0) {
    const remedy = output.includes('EUSAGE')
      ? 'run "npm install", which brings package-lock.json in line with package.json.'
      : 'check that this machine reaches your npm registry, then run the same command again.';
    throw new SetupFailure('The dependencies could not be installed (npm ci).', {
      output: errorsIn(output),
      remedy,
    });
  }
  writeStamp();
}

export async function installDependencies() {
  await doOnce(inProject('build', '.dependencies.lock'), areInstalled, () =>
    step('Installing the dependencies', install),
  );
}
