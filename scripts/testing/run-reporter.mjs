import fs from 'node:fs';
import path from 'node:path';

/** Jest's reporter that leaves what a run came to (counts, durations) in the file which the test command reads. */
export default class RunReporter {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
    this.files = [];
  }

  /** `started` and `ended`, in ms, say when the file held a worker; a test's `ms` leaves out the file's own hooks. */
  onTestResult({ path: file }, result) {
    const { perfStats, testResults, displayName } = result;
    const failures = testResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => ({ test: fullName, message: failureMessages.join('\n') }));
    if (result.testExecError)
      failures.push({ test: 'the file itself', message: String(result.testExecError) });
    this.files.push({
      name: path.relative(this.rootDir, file),
      project: displayName?.name ?? '',
      started: perfStats.start,
      ended: perfStats.end,
      count: {
        passed: result.numPassingTests,
        failed: result.numFailingTests + (result.testExecError ? 1 : 0),
        skipped: result.numPendingTests + result.numTodoTests,
      },
      failures,
      tests: testResults.map(({ fullName, duration }) => ({ name: fullName, ms: duration ?? 0 })),
    });
  }

  onRunComplete(_contexts, results) {
    const count = {
      passed: results.numPassedTests,
      // A file that could not even be loaded has no tests to count, so it is one failure.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    const { files } = this;
    fs.writeFileSync(process.env.PASSERBY_TEST_RUN, JSON.stringify({ count, files }));
  }
}
