import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server, type Socket } from 'node:net';
import type { ErrorReporter } from '../app/ports/error-reporter';

/** The event loop takes one connection from each listening handle a round (libuv since 1.45). */
const MORE_HANDLES = 7;
/** The other process has nothing to load, but the machine may be busy. */
const PATIENCE_MS = 30_000;

export interface Accepting {
  /** How many connections are taken in a round. */
  readonly handles: number;
  close(): void;
}

/**
 * Sends a handle back as often as it is asked to: each time the system makes another descriptor of the same listening
 * socket, for which Node.js has no other way. The handle itself is passed, and not a server, which would begin to accept.
 */
const SEND_BACK = `
  process.on('disconnect', () => process.exit());
  process.on('message', (count, handle) => {
    const send = (left) => (left === 0 ? process.disconnect() : process.send(left, handle, () => send(left - 1)));
    send(count);
  });
`;

/**
 * Lets a server that listens take several connections in each round of the event loop. On a busy node a round is long,
 * and everybody who comes back after the death of another node would have to wait for a round of their own.
 *
 * Cascade of `close()`: the other process ends; the further handles accept nothing more. Connections stay.
 */
export function acceptMore(server: Server, reportError: ErrorReporter): Accepting {
  const handle: unknown = Reflect.get(server, '_handle');
  const more: Server[] = [];
  if (typeof handle !== 'object' || handle === null) return { handles: 1, close: () => undefined };
  const child = spawn(process.execPath, ['-e', SEND_BACK], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
  });
  let isClosed = false;
  child.on('error', (error) => {
    if (!isClosed)
      reportError(
        error,
        'several connections a round could not be set up: this node accepts them one by one',
      );
  });
  child.on('message', (_, returned: unknown) => {
    if (isClosed || typeof returned !== 'object' || returned === null) return;
    more.push(another(server, returned, reportError));
  });
  // The server goes on with what it has.
  const late = setTimeout(() => child.kill(), PATIENCE_MS).unref();
  child.once('exit', () => clearTimeout(late));
  letGo(child);
  child.send(MORE_HANDLES, handle as Server, (error) => {
    if (error !== null && !isClosed)
      reportError(
        error,
        'several connections a round could not be set up: this node accepts them one by one',
      );
  });
  return {
    get handles() {
      return 1 + more.length;
    },
    close: () => {
      isClosed = true;
      child.kill();
      for (const one of more) one.close();
    },
  };
}

/** It must not keep this process alive. */
function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function another(server: Server, handle: object, reportError: ErrorReporter): Server {
  const one = createServer({ pauseOnConnect: false }, (socket: Socket) => server.emit('connection', socket));
  one.on('error', (error) => reportError(error, 'a connection could not be accepted'));
  one.listen(handle);
  return one;
}
