// `npm test`: does the set-up that the asked-for tests need, then runs them with Jest. Arguments go on to
// Jest, for example `npm test -- --selectProjects unit` or `npm test -- test/unit/pairing`. With `--recordDurations`
// it also writes down how long each file took, which is what the files' order follows from then on.
import fs from 'node:fs';
import { bundleClient } from './setup/client-bundle.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { failInWords, SetupFailure } from './setup/failure.mjs';
import { stopWatchingForInterruption, watchForInterruption } from './setup/interruption.mjs';
import { mediaWorker } from './setup/media-worker.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { endWithNpm } from './setup/npm-shell.mjs';
import { inProject } from './setup/project.mjs';
import { bundleServer } from './setup/server-bundle.mjs';
import { CHROMIUM, REDIS, testProgram } from './setup/test-programs.mjs';
import { recordDurations, slowestLines } from './testing/durations.mjs';
import { groupsOf, testFiles } from './testing/groups.mjs';
import { exitCodeOf, runJest, runTests } from './testing/jest.mjs';
import { withSecondTry } from './testing/second-try.mjs';
import { MONGO, MONGO_COMMAND, mongoServer } from './testing/mongo.mjs';
import { bundleGallery } from './testing/gallery-bundle.mjs';
import { PROJECTS, readSelection } from './testing/selection.mjs';

/** Whether any file under test/ reads this variable: what no test uses need not be installed. */
function isUsedByTests(variable) {
  const files = fs.readdirSync(inProject('test'), { recursive: true, withFileTypes: true });
  const holds = (file) => fs.readFileSync(`${file.parentPath}/${file.name}`, 'utf8').includes(variable);
  return files.some((file) => file.isFile() && holds(file));
}

/**
 * Does the set-up for these projects; returns Jest's environment, what can't be run, with the reason, and a function
 * that stops what was started for the tests.
 */
async function prepare(projects) {
  const any = (...names) => names.some((name) => projects.includes(name) && testFiles(name).length > 0);
  const env = {};
  const missing = [];
  const need = async (program, tests) => {
    const found = await testProgram(program);
    if (found) env[program.variable] = found;
    else missing.push({ ...program, tests, reason: `no ${program.name} was found` });
  };
  let stop = () => {};
  await installDependencies();
  if (any('contract', 'integration', 'e2e')) env.MEDIASOUP_WORKER_BIN = await mediaWorker();
  // Contract tests use the server's thread for signs of life.
  if (any('contract', 'integration', 'e2e')) await bundleServer();
  if (any('integration', 'e2e')) await bundleClient();
  if (any('e2e')) await bundleGallery();
  if (any('e2e')) await need(CHROMIUM, 'end-to-end tests');
  if (any('contract', 'integration', 'e2e') && isUsedByTests(REDIS.variable))
    await need(REDIS, 'tests with Redis');
  if (any('contract', 'integration', 'e2e') && isUsedByTests(MONGO.variable)) {
    const server = await mongoServer();
    if (server.address) env[MONGO.variable] = server.address;
    else
      missing.push({
        ...MONGO,
        tests: 'tests with MongoDB',
        reason: `no server could be had (${server.reason})`,
      });
    if (server.command) env[MONGO_COMMAND.variable] = server.command;
    else if (server.address)
      missing.push({
        ...MONGO_COMMAND,
        tests: 'tests that kill a MongoDB server',
        reason: 'the one that was given is not theirs',
      });
    stop = server.stop ?? stop;
  }
  return { env, missing, stop };
}

const sum = (a, b) => ({
  count: {
    passed: a.count.passed + b.count.passed,
    failed: a.count.failed + b.count.failed,
    skipped: a.count.skipped + b.count.skipped,
  },
  files: [...a.files, ...b.files],
  onlyAlone: [...a.onlyAlone, ...b.onlyAlone],
});

async function runGroups(projects, jestArguments, env) {
  const isChosen = jestArguments.some((arg) => /^(-i|-w|--runInBand|--maxWorkers)/.test(arg));
  let total = { count: { passed: 0, failed: 0, skipped: 0 }, files: [], onlyAlone: [] };
  for (const group of groupsOf(projects)) {
    const args = [...jestArguments, ...group.args, ...(isChosen ? [] : group.workers)];
    const run = await runTests(group.projects, args, env);
    // Whoever chooses the tests chooses what runs beside them, too.
    const mayRepeat = group.mayRepeat && jestArguments.length === 0;
    const settled = mayRepeat ? await withSecondTry(group.projects, run, env) : { ...run, onlyAlone: [] };
    total = sum(total, settled);
  }
  return total;
}

/** Says what was not run and counts it: each file of the end-to-end tests as one skipped test. */
function reportMissing(missing, total) {
  let skipped = 0;
  for (const { tests, debianPackage, variable, reason, remedy } of missing) {
    const files = variable === CHROMIUM.variable ? testFiles('e2e').length : 0;
    const counted = files > 0 ? ` (test files: ${files}, each counted as one skipped)` : '';
    const help = remedy ?? `apt-get install ${debianPackage}, or set ${variable}`;
    console.log(`NOT RUN: ${tests}${counted}, because ${reason}: ${help}`);
    skipped += files;
  }
  return { ...total, skipped: total.skipped + skipped };
}

function report(missing, { count, files, onlyAlone }) {
  console.log('');
  if (files.length > 1) console.log(slowestLines(files).join('\n'));
  for (const test of onlyAlone) console.log(`PASSED ONLY ALONE, failed beside another file: ${test}`);
  const total = reportMissing(missing, count);
  const isEmpty = total.passed + total.failed + total.skipped === 0;
  const skipFails = process.env.CI === 'true' && (total.skipped > 0 || missing.length > 0);
  if (isEmpty) console.log('No test matches what was asked for.');
  if (skipFails) console.log('With CI=true, tests that were not run are a failure.');
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 || isEmpty || skipFails ? 1 : 0;
}

async function main() {
  checkNodeVersion();
  const commandLine = process.argv.slice(2);
  const { projects, unknown, jestArguments, isOtherUse, isRecorded } = readSelection(commandLine);
  if (unknown.length > 0) {
    const remedy = `choose among ${PROJECTS.join(', ')}.`;
    throw new SetupFailure(`There is no test project ${unknown.join(', ')}.`, { remedy });
  }
  watchForInterruption();
  endWithNpm();
  const { env, missing, stop } = await prepare(projects);
  stopWatchingForInterruption();
  try {
    if (isOtherUse) return exitCodeOf(await runJest(commandLine, env));
    const withoutBrowser = missing.some(({ variable }) => variable === CHROMIUM.variable);
    const runnable = projects.filter((name) => name !== 'e2e' || !withoutBrowser);
    const total = await runGroups(runnable, jestArguments, env);
    if (isRecorded) recordDurations(total.files);
    return report(missing, total);
  } finally {
    stop();
  }
}

process.exitCode = await failInWords(main);
