import { open } from 'node:fs/promises';
import { devNull } from 'node:os';
import type { Logger } from 'pino';
import type { Clock } from '../app/ports/clock';

const CHECK_MS = 2_000;

/** Opens and closes a file. Rejects with `EMFILE` or `ENFILE` when this process, or the machine, may open no more. */
const openSomething = async (): Promise<void> => (await open(devNull)).close();

/**
 * Says when no file descriptor is left. New connections are then dropped without a word: by the system, by Node.js, and
 * by what is behind. Connections that are open go on, and all is well again when some of them end.
 */
export function watchDescriptors(
  clock: Clock,
  log: Pick<Logger, 'error' | 'info'>,
  tryToOpen: () => Promise<void> = openSomething,
): { close(): void } {
  let areUsedUp = false;
  let isChecking = false;
  const check = async (): Promise<void> => {
    // A check waits while all threads of the process are held by a disk that hangs.
    if (isChecking) return;
    isChecking = true;
    const failure = await tryToOpen().then(
      () => undefined,
      (error: unknown) => error,
    );
    isChecking = false;
    const isUsedUp =
      failure instanceof Error && 'code' in failure && ['EMFILE', 'ENFILE'].includes(String(failure.code));
    if (isUsedUp === areUsedUp) return;
    areUsedUp = isUsedUp;
    if (isUsedUp) {
      log.error(
        'no file descriptor is left, so new connections are dropped: raise the limit (LimitNOFILE of systemd, ulimit -n), or lower MAX_SOCKETS',
      );
    } else log.info('there are file descriptors again');
  };
  return { close: clock.every(CHECK_MS, () => void check()) };
}
