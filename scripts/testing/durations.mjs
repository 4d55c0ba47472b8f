import fs from 'node:fs';
import { inProject } from '../setup/project.mjs';

/** How long each test file took when that was last recorded, in seconds; what the order of the files follows. */
const RECORDED = inProject('scripts', 'testing', 'durations.json');

/** How many of the slowest are named. */
const NAMED = 10;

const seconds = (ms) => `${(ms / 1_000).toFixed(1).padStart(6)} s`;
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const slowest = (rows) => rows.sort((one, other) => other.ms - one.ms).slice(0, NAMED);

/** What took longest of the test files that ran: lines for a person. */
export function slowestLines(files) {
  const tests = files.flatMap(({ name, tests: own }) =>
    own.map(({ name: test, ms }) => ({ ms, words: `${name}: ${test}` })),
  );
  const wholes = files.map(({ name, started, ended, tests: own }) => {
    const inTests = sum(own.map(({ ms }) => ms));
    return { ms: ended - started, words: `${name} (${own.length} tests: ${seconds(inTests).trim()})` };
  });
  return [
    ...['The slowest tests:', ...slowest(tests).map(({ ms, words }) => `${seconds(ms)}  ${words}`)],
    ...['The slowest files:', ...slowest(wholes).map(({ ms, words }) => `${seconds(ms)}  ${words}`)],
  ];
}

/** Seconds by the path of the file in the project. */
export const readDurations = () => JSON.parse(fs.readFileSync(RECORDED, 'utf8'));

/** Keeps how long these files took; what was recorded of others stays as long as they are there. */
export function recordDurations(files) {
  const measured = files.map(({ name, started, ended }) => [name, Math.ceil((ended - started) / 1_000)]);
  const all = { ...readDurations(), ...Object.fromEntries(measured) };
  const rows = Object.entries(all).filter(([name]) => fs.existsSync(inProject(name)));
  const sorted = Object.fromEntries(rows.sort(([one], [other]) => (one < other ? -1 : 1)));
  fs.writeFileSync(RECORDED, `${JSON.stringify(sorted, null, 2)}\n`);
}
