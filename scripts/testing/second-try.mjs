import { runTests } from './jest.mjs';

/** More failed files than these are no accident of a busy machine, and repeating them would only take time. */
const MOST_FILES = 5;

/**
 * Runs the test files that failed beside another one once more, alone: they time real clocks, and on a busy machine a
 * test can come too late. The second outcome counts in place of the first. Returns the run as it is then, with
 * `onlyAlone`: what failed at first, a line each. Nothing of it is left unsaid, because the cause may be a race that
 * users meet too.
 */
export async function withSecondTry(projects, run, env) {
  const failed = run.files.filter(({ count }) => count.failed > 0);
  if (failed.length === 0 || failed.length > MOST_FILES) return { ...run, onlyAlone: [] };
  const names = failed.map(({ name }) => name);
  console.log(`\nOnce more, alone: ${names.join(', ')}`);
  const second = await runTests(projects, ['--runInBand', '--runTestsByPath', ...names], env);
  const passed = second.files.filter(({ count }) => count.failed === 0).map(({ name }) => name);
  const onlyAlone = failed
    .filter(({ name }) => passed.includes(name))
    .flatMap(({ name, failures }) => failures.map((test) => `${name}: ${test}`));
  return { count: replaced(run.count, failed, second.count), files: run.files, onlyAlone };
}

/** The counts of a run in which some files are counted as in another run. */
function replaced(count, files, other) {
  const without = (kind) => files.reduce((left, file) => left - file.count[kind], count[kind]);
  return {
    passed: without('passed') + other.passed,
    failed: without('failed') + other.failed,
    skipped: without('skipped') + other.skipped,
  };
}
