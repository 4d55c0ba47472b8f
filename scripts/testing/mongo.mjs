import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { step } from '../setup/progress.mjs';
import { inProject } from '../setup/project.mjs';

/** Where tests find MongoDB. */
export const MONGO = {
  name: 'MongoDB',
  variable: 'MONGODB_TEST_URI',
  remedy: 'set MONGODB_TEST_URI to the address of a server, or MONGOMS_SYSTEM_BINARY to a mongod',
};

/** How tests start a server of their own, which they kill. */
export const MONGO_COMMAND = {
  name: 'MongoDB',
  variable: 'MONGODB_TEST_SERVER',
  remedy: 'set MONGODB_TEST_SERVER to a command that takes --port N and --data DIR and prints its address',
};

const PROGRAM = inProject('scripts', 'testing', 'mongo-server.mjs');

/** Long enough to fetch a server of 100 MB where the network is there; where it is not, it fails much sooner. */
const START_TIME_LIMIT_MS = 90_000;

/**
 * A MongoDB server for the tests: the one that MONGODB_TEST_URI names, or one that mongodb-memory-server starts, for
 * which it fetches a `mongod` or takes the one that MONGOMS_SYSTEM_BINARY names.
 * Returns { address, command, stop }, or { reason } where none can be had; there is no `command` where nothing says how
 * a server like the one that was named is started.
 */
export async function mongoServer() {
  const address = process.env[MONGO.variable];
  const command = process.env[MONGO_COMMAND.variable];
  if (address) return { address, command, stop: () => {} };
  return step('Starting a MongoDB server for the tests', start);
}

async function start() {
  const child = spawn(process.execPath, [PROGRAM], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stop = () => child.stdin.end();
  const complaints = [];
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line));
  const said = await new Promise((resolve) => {
    const late = setTimeout(() => resolve({ reason: 'none was there in time' }), START_TIME_LIMIT_MS);
    createInterface({ input: child.stdout }).once('line', (address) => resolve({ address }));
    child.once('error', ({ message }) => resolve({ reason: message }));
    child.once('close', () => resolve({ reason: complaints.at(-1) ?? 'it did not start' }));
    child.once('close', () => clearTimeout(late));
  });
  if (said.address) {
    // The tests' process is what this one waits for, not the server.
    child.unref();
    return { address: said.address, command: `"${process.execPath}" "${PROGRAM}"`, stop };
  }
  child.kill('SIGKILL');
  return said;
}
