import { runProgram, findProgram } from './run-program.mjs';
import { SetupFailure } from './failure.mjs';
import { ensurePackages, mayInstallPackages } from './system-packages.mjs';

/** Programs beside the project's own that tests run, and the variable by which tests find each. */
export const CHROMIUM = {
  name: 'Chromium',
  variable: 'CHROMIUM_BIN',
  debianPackage: 'chromium',
  names: [
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
};

export const REDIS = {
  name: 'Redis',
  variable: 'REDIS_SERVER_BIN',
  debianPackage: 'redis-server',
  names: ['redis-server', 'valkey-server'],
};

const TRIAL_TIME_LIMIT_MS = 20_000;

/** On Ubuntu a package can hold a stand-in that only says to install something else, so it is run once. */
async function runs(program) {
  const { code } = await runProgram(program, ['--version'], { timeLimit: TRIAL_TIME_LIMIT_MS });
  return code === 0;
}

async function findWorking({ variable, names }) {
  const found = findProgram(process.env[variable] ? [process.env[variable]] : names);
  return found && (await runs(found)) ? found : undefined;
}

/** The program's path; installed first where it is missing and may be; undefined where it can't be had. */
export async function testProgram(program) {
  const found = await findWorking(program);
  if (found || process.env[program.variable] || !mayInstallPackages()) return found;
  try {
    await ensurePackages([program.debianPackage], program.name);
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    // The tests that need no such program can still run; the others are named at the end.
    console.log(error.message);
  }
  return findWorking(program);
}
