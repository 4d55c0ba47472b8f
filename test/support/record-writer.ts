// A process that writes records through the outbox until it is ended, and prints each one that was acknowledged.
// Its one argument is JSON: { folder, mongodbUri?, count, from, writers }.
import path from 'node:path';
import { z } from 'zod';
import { systemClock } from '../../src/memory/clock';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import { MongoStore } from '../../src/records/mongo/mongo-store';
import { SpooledOutbox } from '../../src/records/outbox/spooled-outbox';
import { entryOf } from './numbered-records';
import { silent } from './records';

const argumentSchema = z.object({
  folder: z.string(),
  mongodbUri: z.string().optional(),
  from: z.number(),
  count: z.number(),
  writers: z.number(),
});

async function main(): Promise<void> {
  const { folder, mongodbUri, from, count, writers } = argumentSchema.parse(
    JSON.parse(process.argv[2] ?? '{}'),
  );
  const clock = systemClock;
  const store =
    mongodbUri === undefined
      ? await EmbeddedStore.open({ folder: path.join(folder, 'records'), clock, log: silent })
      : new MongoStore({ uri: mongodbUri, clock, log: silent });
  if (store instanceof MongoStore) await store.reached();
  const outbox = await SpooledOutbox.open({ store, folder: path.join(folder, 'outbox'), clock, log: silent });
  let next = from;
  const work = async (): Promise<void> => {
    while (next < from + count) {
      const number = next++;
      const said = await outbox.write(entryOf(number)).then(
        () => `kept ${number}`,
        (error: Error) => `refused ${number} ${String(error.cause)}`,
      );
      // To a pipe this returns only when the reader has it.
      process.stdout.write(`${said}\n`);
    }
  };
  await Promise.all(Array.from({ length: writers }, work));
  process.stdout.write(`done ${store.health()}\n`);
  await outbox.close();
  await store.close();
  process.exit(0);
}

// A file size limit raises a signal, which would end the process; with a listener the write fails instead.
process.on('SIGXFSZ', () => undefined);
void main();
