import { runTests } from './jest.mjs';

/** More failed files than these are no accident of a busy machine, and repeating them would only take time. */
const MOST_FILES = 5;

/** What Jest, Playwright and the tests' own waits (`eventually`) say of something that came too late. */
const LATE = /time(?:d )?-?out|exceeded|within \d+ m?s|did not come|in time|waited for/i;

/**
 * Whether everything that failed in these files came too late: on a busy machine that may be the machine's doing. A
 * wrong value never is.
 */
export const isOnlyLate = (files) =>
  files.length > 0 &&
  files.length <= MOST_FILES &&
  files.every(({ failures }) => failures.length > 0 && failures.every(({ message }) => LATE.test(message)));

/** The counts of a run in which these files count as in their second run. A file that was not run again has failed. */
export function recounted(count, files, second) {
  const other = (name) =>
    second.find((file) => file.name === name)?.count ?? { passed: 0, failed: 1, skipped: 0 };
  const sum = (kind) =>
    files.reduce((total, file) => total - file.count[kind] + other(file.name)[kind], count[kind]);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/**
 * Runs the test files in which something came too late beside another file once more, alone. The second outcome counts in
 * place of the first. Returns the run as it is then, with `onlyAlone`: the tests that passed the second time. They are
 * named at the end, because the cause may be a race that users meet too.
 */
export async function withSecondTry(projects, run, env) {
  const failed = run.files.filter(({ count }) => count.failed > 0);
  if (run.hasCrashed || !isOnlyLate(failed)) return { ...run, onlyAlone: [] };
  const names = failed.map(({ name }) => name);
  console.log(`\nOnce more, alone: ${names.join(', ')}`);
  const second = await runTests(projects, ['--runInBand', '--runTestsByPath', ...names], env);
  const failedAgain = new Set(
    second.files.flatMap(({ name, failures }) => failures.map(({ test }) => `${name}: ${test}`)),
  );
  const onlyAlone = failed
    .flatMap(({ name, failures }) => failures.map(({ test }) => `${name}: ${test}`))
    .filter((test) => !failedAgain.has(test));
  const count = recounted(run.count, failed, second.files);
  const crash = second.hasCrashed && count.failed === 0 ? 1 : 0;
  return { ...run, count: { ...count, failed: count.failed + crash }, onlyAlone };
}
