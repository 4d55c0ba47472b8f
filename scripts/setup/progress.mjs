import { onInterruption } from './interruption.mjs';

const QUIET_FOR_MS = 3_000;
const TERMINAL_TICK_MS = 1_000;
const LOG_TICK_MS = 10_000;

const seconds = (since) => (Date.now() - since) / 1000;

/** On a terminal the step has one line, rewritten; in a log each sign of life is a line of its own. */
function terminalDisplay(title) {
  const write = (text) => {
    const width = (process.stdout.columns || 80) - 1;
    process.stdout.write(`\r\x1b[K${text.slice(0, width)}`);
  };
  return {
    tick: TERMINAL_TICK_MS,
    start: () => write(`${title} ...`),
    alive: (elapsed, note) => write(`${title} ... ${Math.round(elapsed)} s${note && `, ${note}`}`),
    done: (elapsed) => write(`${title}: done in ${elapsed.toFixed(1)} s\n`),
    stopped: () => process.stdout.write('\n'),
  };
}

function logDisplay(title) {
  return {
    tick: LOG_TICK_MS,
    start: () => console.log(`${title} ...`),
    alive: (elapsed, note) => console.log(`  ... ${Math.round(elapsed)} s${note && `, ${note}`}`),
    done: (elapsed) => console.log(`${title}: done in ${elapsed.toFixed(1)} s`),
    stopped: () => {},
  };
}

/**
 * Runs one step of the set-up and shows it: what it does, that it is alive when it takes longer than a
 * moment, and how long it took. `work` gets a function that says how far it has come ("37 %").
 */
export async function step(title, work) {
  const display = process.stdout.isTTY ? terminalDisplay(title) : logDisplay(title);
  const started = Date.now();
  let note = '';
  display.start();
  const ticker = setInterval(() => {
    if (Date.now() - started >= QUIET_FOR_MS) display.alive(seconds(started), note);
  }, display.tick);
  const forget = onInterruption(display.stopped);
  try {
    const result = await work((text) => (note = text));
    display.done(seconds(started));
    return result;
  } catch (error) {
    display.stopped();
    throw error;
  } finally {
    clearInterval(ticker);
    forget();
  }
}
