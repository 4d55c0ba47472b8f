import fs from 'node:fs';

/** Jest's reporter that leaves the counts of a run in the file which the test command reads them from. */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const count = {
      passed: results.numPassedTests,
      // A file that could not even be loaded has no tests to count, so it is one failure.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    fs.writeFileSync(process.env.PASSERBY_TEST_COUNT, JSON.stringify(count));
  }
}
