const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const cleanups = new Set();

/** Has `cleanup` (synchronous) run if the process ends early; returns the function that calls it off. */
export function onInterruption(cleanup) {
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

function cleanUp() {
  for (const cleanup of cleanups) {
    try {
      cleanup();
    } catch {
      // The process is ending: what one cleanup cannot do must not keep the others from running.
    }
  }
  cleanups.clear();
}

/**
 * Ends by the signal itself after cleaning up, so that a caller such as npm sees an interruption and
 * not an error to report.
 */
function endBySignal(signal) {
  cleanUp();
  stopWatchingForInterruption();
  process.kill(process.pid, signal);
}

export function watchForInterruption() {
  for (const signal of SIGNALS) process.on(signal, endBySignal);
  process.on('exit', cleanUp);
}

/** Gives the signals back, for instance to the server that is about to run in this process. */
export function stopWatchingForInterruption() {
  for (const signal of SIGNALS) process.off(signal, endBySignal);
  process.off('exit', cleanUp);
}
