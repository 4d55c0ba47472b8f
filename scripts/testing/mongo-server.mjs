// Starts a MongoDB server of its own, prints its address and stops it when standard input ends: a process of its own,
// so that whoever started it can also end one that hangs while it fetches what it needs.
//
//   --port N    the port to listen on (a free one)
//   --data DIR  keep the data there, and go on with what is there (a fresh folder, removed at the end)
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { MongoMemoryServer } from 'mongodb-memory-server-core';

const { values } = parseArgs({ options: { port: { type: 'string' }, data: { type: 'string' } } });

try {
  if (values.data !== undefined) fs.mkdirSync(values.data, { recursive: true });
  const server = await MongoMemoryServer.create({
    instance: {
      ...(values.port === undefined ? {} : { port: Number(values.port) }),
      ...(values.data === undefined ? {} : { dbPath: values.data, storageEngine: 'wiredTiger' }),
    },
  });
  process.stdin.once('end', () => {
    void server.stop({ doCleanup: values.data === undefined }).finally(() => process.exit(0));
  });
  process.stdin.resume();
  console.log(server.getUri());
} catch (error) {
  // Whoever started this shows the last line.
  console.error(
    String(error.message ?? error)
      .split('\n')
      .slice(0, 2)
      .join(' '),
  );
  process.exit(1);
}
