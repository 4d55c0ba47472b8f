const CHECK_MS = 500;
const SIGNALS = ['SIGINT', 'SIGTERM'];

/**
 * Under `npm start` and `npm test` a shell stands between npm and this process. When npm is told to end it
 * ends the shell, and a shell such as Debian's does not pass that on: this process would go on alone. So the
 * shell's end counts as a SIGTERM, unless a signal has come by itself, as with Ctrl-C.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const shell = process.ppid;
  const stopWatching = () => {
    clearInterval(watch);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  const onSignal = (signal) => {
    stopWatching();
    // Listening for a signal takes its usual effect away, which has to come back where nobody else listens.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    stopWatching();
    process.kill(process.pid, 'SIGTERM');
  }, CHECK_MS).unref();
  for (const signal of SIGNALS) process.on(signal, onSignal);
}
