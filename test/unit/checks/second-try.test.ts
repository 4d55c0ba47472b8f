import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const program = pathToFileURL(path.resolve(__dirname, '../../../scripts/testing/second-try.mjs')).href;

/** What an expression with the functions of that module comes to. */
function outcomeOf(expression: string): unknown {
  const code = `import { isOnlyLate, recounted } from '${program}'; console.log(JSON.stringify(${expression}))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const failed = (...messages: string[]) => ({
  failures: messages.map((message) => ({ test: 'one', message })),
});

test('test runs: only what came too late may be tried again, a wrong value and a crash never', () => {
  const late = failed(
    'locator.click: Timeout 20000ms exceeded.',
    'thrown: "Exceeded timeout of 5000 ms for a test."',
    'Error: the condition did not hold in time',
  );
  const wrong = failed('expect(received).toEqual(expected)');
  const files = [[late], [late, wrong], [wrong], [failed()], [], Array.from({ length: 6 }, () => late)];
  expect(outcomeOf(`${JSON.stringify(files)}.map(isOnlyLate)`)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('test runs: a file counts as in its second run, and as failed where it was not run again', () => {
  const count = { passed: 10, failed: 2, skipped: 0 };
  const of = (name: string, passed: number, failures: number) => ({
    name,
    count: { passed, failed: failures, skipped: 0 },
  });
  const first = [of('a', 3, 1), of('b', 2, 1)];
  const run = (second: unknown): unknown =>
    outcomeOf(`recounted(${[count, first, second].map((value) => JSON.stringify(value)).join(', ')})`);
  expect(run([of('a', 4, 0), of('b', 3, 0)])).toEqual({ passed: 12, failed: 0, skipped: 0 });
  expect(run([of('a', 4, 0), of('b', 2, 1)])).toEqual({ passed: 11, failed: 1, skipped: 0 });
  expect(run([of('a', 4, 0)])).toEqual({ passed: 9, failed: 1, skipped: 0 });
});
