import { SetupFailure } from './failure.mjs';
import { step } from './progress.mjs';
import { findProgram, mustRun, runProgram } from './run-program.mjs';
import { isDebianLike } from './system-release.mjs';

/** Whether this set-up may install Debian packages by itself. */
export function mayInstallPackages() {
  return isDebianLike() && process.getuid?.() === 0 && findProgram(['apt-get']) !== undefined;
}

export function installCommand(packages) {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

export async function missingPackages(packages) {
  const format = '${Package} ${db:Status-Status}\n';
  const { output } = await runProgram('dpkg-query', ['-W', `-f=${format}`, ...packages]);
  const lines = new Set(output.split('\n'));
  return packages.filter((name) => !lines.has(`${name} installed`));
}

async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const failure = `These Debian packages could not be installed: ${packages.join(' ')}.`;
  const remedy = `check the package sources of this machine, then run: ${installCommand(packages)}`;
  // Another apt-get may be at work, as on a machine that has just started.
  const patience = ['-o', 'DPkg::Lock::Timeout=300'];
  await mustRun('apt-get', [...patience, 'update'], { failure, remedy }, { env });
  const args = [...patience, 'install', '-y', '--no-install-recommends', ...packages];
  await mustRun('apt-get', args, { failure, remedy }, { env });
}

/** Installs those of the packages that are missing where it may, and otherwise says how to. */
export async function ensurePackages(packages, purpose) {
  const missing = await missingPackages(packages);
  if (missing.length === 0) return;
  if (!mayInstallPackages()) {
    throw new SetupFailure(`${purpose} needs Debian packages that are missing: ${missing.join(' ')}.`, {
      remedy: `run this, then the same command again: ${installCommand(missing)}`,
    });
  }
  await step(`Installing Debian packages: ${missing.join(' ')}`, () => install(missing));
}
