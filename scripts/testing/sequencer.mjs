import fs from 'node:fs';
import path from 'node:path';
import Sequencer from '@jest/test-sequencer';
import { readDurations } from './durations.mjs';

/** What a file takes that was never measured is guessed from its size. */
const SECONDS_PER_KILOBYTE = 1;

/** An end-to-end test has browsers, which need a core each: no two of these files are planned beside each other. */
const isHeavy = ({ context }) => context.config.displayName?.name === 'e2e';

/**
 * The order in which test files start. The longest start first, so that no worker is left with a long one at the end.
 * The plan follows so many workers from file to file, by the seconds that each file takes.
 */
function plan(files, workers) {
  const waiting = [...files].sort((one, other) => other.seconds - one.seconds);
  const lanes = Array.from({ length: workers }, () => ({ freeAt: 0, isHeavy: false }));
  const order = [];
  while (waiting.length > 0) {
    const [lane, ...others] = lanes.sort((one, other) => one.freeAt - other.freeAt);
    const isTaken = others.some((other) => other.isHeavy && other.freeAt > lane.freeAt);
    const fitting = waiting.findIndex((file) => !(isTaken && file.isHeavy));
    const [file] = waiting.splice(Math.max(0, fitting), 1);
    order.push(file.test);
    Object.assign(lane, { freeAt: lane.freeAt + file.seconds, isHeavy: file.isHeavy });
  }
  return order;
}

/** Jest's sequencer, with that order in place of its own. */
export default class DurationSequencer extends Sequencer {
  constructor(options) {
    super(options);
    this.workers = options.globalConfig.maxWorkers;
  }

  sort(tests) {
    const durations = readDurations();
    const secondsOf = ({ path: file, context }) =>
      durations[path.relative(context.config.rootDir, file)] ??
      (fs.statSync(file).size / 1_000) * SECONDS_PER_KILOBYTE;
    const files = [...tests].map((test) => ({ test, seconds: secondsOf(test), isHeavy: isHeavy(test) }));
    return plan(files, this.workers);
  }
}
