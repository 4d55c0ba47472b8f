import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * A command that starts a MongoDB server. Given `--port N --data DIR` it prints the server's address as its first line
 * and goes on with what the folder holds. `npm test` sets the variable where it can; tests that need it are skipped
 * elsewhere, and `npm test` says so.
 */
const COMMAND = process.env['MONGODB_TEST_SERVER'];

export const describeWithMongoProcess = COMMAND ? describe : describe.skip;

/** The remains of a killed server may keep the next one from starting for a moment. */
const ATTEMPTS = 10;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Row {
  readonly pid: number;
  readonly command: string;
}

/** All descendants of a process; some are in process groups of their own. */
function descendantsOf(ancestor: number): Row[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const childrenOf = new Map<number, Row[]>();
  for (const row of rows) {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
    const siblings = childrenOf.get(Number(parent)) ?? [];
    childrenOf.set(Number(parent), [...siblings, { pid: Number(pid), command }]);
  }
  const below = (parent: number): Row[] =>
    (childrenOf.get(parent) ?? []).flatMap((row) => [row, ...below(row.pid)]);
  return below(ancestor);
}

/** Whether there is such a process. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A database server for one test, which can be killed and started again with its data. */
export class MongoProcess {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(folder: string): Promise<MongoProcess> {
    const server = new MongoProcess(folder, await freePort());
    await server.start();
    return server;
  }

  /** The same after each restart. */
  get uri(): string {
    return `mongodb://127.0.0.1:${this.port}/passerby?directConnection=true`;
  }

  async start(): Promise<void> {
    for (let attempt = 1; !(await this.tried()); attempt++) {
      if (attempt === ATTEMPTS) throw new Error(`no MongoDB server starts in ${this.folder}`);
      await wait(500);
    }
  }

  /**
   * SIGKILL for the process that clients talk to, which has the port in its command line. Resolves when all processes
   * started with it are gone too. (A database behind a server that only speaks MongoDB's protocol is not tested here.)
   */
  async kill(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const all = descendantsOf(child.pid);
    const servers = all.filter(({ command }) => command.includes(String(this.port)));
    if (servers.length === 0) throw new Error(`nothing of what was started names port ${this.port}`);
    for (const { pid } of servers) process.kill(pid, 'SIGKILL');
    // The end of its input stops a command that does not end with its server.
    child.stdin?.end();
    await ended;
    for (const { pid } of all) while (isThere(pid)) await wait(10);
  }

  /** Whether the server answers; if it does not, its processes are gone. */
  private tried(): Promise<boolean> {
    const options = ['--port', String(this.port), '--data', this.folder];
    const child = spawn('bash', ['-c', `exec ${COMMAND} "$@"`, 'bash', ...options], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.child = child;
    return new Promise((resolve) => {
      createInterface({ input: child.stdout }).once('line', () => resolve(true));
      child.once('exit', () => resolve(false));
    });
  }
}
