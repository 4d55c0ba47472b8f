// Starts a MongoDB server of its own, prints its address and stops it when standard input ends: a process of its own,
// so that whoever started it can also end one that hangs while it fetches what it needs.
import { MongoMemoryServer } from 'mongodb-memory-server-core';

try {
  const server = await MongoMemoryServer.create();
  process.stdin.once('end', () => {
    void server.stop().finally(() => process.exit(0));
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
