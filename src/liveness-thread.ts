import { parentPort, workerData } from 'node:worker_threads';
import { RedisConnection } from './redis/connection';
import { Sender } from './redis/liveness/sender';
import { Signs } from './redis/liveness/signs';
import { threadDataSchema, toThreadSchema, type FromThread } from './redis/liveness/thread-messages';

/** An answer that takes longer is given up (ms); the next sign is sent soon. */
const ANSWER_MS = 1_000;

/** The thread that sends a node's signs of life (`redis/liveness`). It shares nothing with the node's event loop. */
function main(): void {
  const port = parentPort;
  if (port === null) throw new Error('this program runs in a thread of a node');
  const { redisUrl, self } = threadDataSchema.parse(workerData);
  const say = (message: FromThread): void => port.postMessage(message);
  // The connection recovers by itself. The node reports what its own connection meets, which is nearly always the same.
  const redis = new RedisConnection({ url: redisUrl, answerMs: ANSWER_MS, onError: () => undefined });
  const sender = new Sender({
    signs: new Signs(redis),
    self,
    onLapse: () => say('lapsed'),
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
