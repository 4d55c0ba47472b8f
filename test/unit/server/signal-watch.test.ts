import { EventEmitter } from 'node:events';
import type { RunningServer } from '../../../src/server';
import { SignalWatch } from '../../../src/server/signal-watch';
import { settle } from '../../support/manual-clock';

/** A watch over a server that does as a test says, and what became of it. */
function scene(server: Partial<Pick<RunningServer, 'drain' | 'close' | 'hasOtherNodes'>>) {
  const signals = new EventEmitter();
  const happened: string[] = [];
  const log = {
    info: (...said: unknown[]) => void said,
    warn: (...said: unknown[]) => void said,
    error: (_: object | string, text?: string) => void happened.push(`error: ${text}`),
  };
  const watch = new SignalWatch(log, (code) => happened.push(`exit ${code}`), signals);
  watch.serving({
    hasOtherNodes: () => true,
    drain: () => Promise.resolve(),
    close: () => {
      happened.push('closed');
      return Promise.resolve();
    },
    ...server,
  } as RunningServer);
  return { signals, happened };
}

test.each([
  ['is rejected', () => Promise.reject(new Error('no'))],
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
])('V9 a drain that %s is reported, and the server is closed in order all the same', async (_, drain) => {
  const { signals, happened } = scene({ drain });
  signals.emit('SIGTERM', 'SIGTERM');
  await settle();
  expect(happened).toEqual(['error: handing over to other nodes failed', 'closed', 'exit 0']);
});

test('V9 a node that cannot say whether there are others is closed in order', async () => {
  const { signals, happened } = scene({
    hasOtherNodes: () => {
      throw new Error('no');
    },
  });
  signals.emit('SIGTERM', 'SIGTERM');
  await settle();
  expect(happened).toEqual(['error: handing over to other nodes failed', 'closed', 'exit 0']);
});

test('V9 the server is closed when the drain is over, or at once at the second signal', async () => {
  let end = (): void => undefined;
  const drain = (): Promise<void> => new Promise((resolve) => (end = resolve));
  const { signals, happened } = scene({ drain });
  signals.emit('SIGTERM', 'SIGTERM');
  await settle();
  expect(happened).toEqual([]);
  signals.emit('SIGTERM', 'SIGTERM');
  await settle();
  expect(happened).toEqual(['closed', 'exit 0']);
  end();
  await settle();
  expect(happened).toEqual(['closed', 'exit 0']);
});

test.each([
  ['is rejected', () => Promise.reject(new Error('no'))],
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
])('O1 a stop that %s ends the process with 1', async (_, close) => {
  const { signals, happened } = scene({ close });
  signals.emit('SIGINT', 'SIGINT');
  await settle();
  expect(happened).toEqual(['error: stopping failed', 'exit 1']);
});
