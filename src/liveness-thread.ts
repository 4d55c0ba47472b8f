import { parentPort, workerData } from 'node:worker_threads';
import { RedisConnection } from './redis/connection';
import { Sender } from './redis/liveness/sender';
import { Signs } from './redis/liveness/signs';
import { TroubleOnce } from './redis/liveness/trouble-once';
import { threadDataSchema, toThreadSchema, type FromThread } from './redis/liveness/thread-messages';

/**
 * An answer that takes longer is given up (ms), and the next sign is sent: soon enough that the others do not count
 * this as a gap.
 */
const ANSWER_MS = 500;
/** A connection that gives no answer for this long (ms) is made anew: it may be half open. */
const SILENT_MS = 2_000;

/** The thread that sends a node's signs of life (`redis/liveness`). It shares nothing with the node's event loop. */
function main(): void {
  const port = parentPort;
  if (port === null) throw new Error('this program runs in a thread of a node');
  const { redisUrl, self } = threadDataSchema.parse(workerData);
  const say = (message: FromThread): void => port.postMessage(message);
  const trouble = new TroubleOnce((error) => say({ type: 'error', message: error.message }));
  // The connection recovers by itself.
  const redis = new RedisConnection({
    ...{ url: redisUrl, answerMs: ANSWER_MS, silentMs: SILENT_MS },
    onError: (error) => trouble.met(error),
  });
  const sender = new Sender({
    signs: new Signs(redis),
    self,
    onLapse: () => say({ type: 'lapsed' }),
    onSent: () => trouble.over(),
    onFailed: (error) => trouble.met(error),
    now: () => performance.now(),
  });
  port.on('message', (message: unknown) => {
    switch (toThreadSchema.parse(message)) {
      case 'running':
        return sender.running();
      case 'stop':
        sender.close();
        void redis.close().then(() => port.close());
        return;
    }
  });
}

main();
