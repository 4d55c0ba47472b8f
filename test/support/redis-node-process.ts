import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

const root = path.resolve(__dirname, '../..');
const bundle = path.join(root, 'build', 'test', `redis-node-${process.pid}.cjs`);

/** Makes one file of `redis-node.ts`, for processes to run. */
export async function bundleRedisNode(): Promise<void> {
  await build({
    entryPoints: [path.join(__dirname, 'redis-node.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    loader: { '.lua': 'text' },
    logLevel: 'error',
  });
}

/** A process that runs `redis-node.ts`, and its lines of output. */
export class RedisNodeProcess {
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;

  constructor(task: 'half-add' | 'node', url: string, prefix: string) {
    this.child = spawn(process.execPath, [bundle, task, url, prefix], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.child;
    if (stdout === null) throw new Error('a process has no output');
    const reader = createInterface({ input: stdout });
    reader.on('line', (line) => void this.lines.push(line));
    this.ended = new Promise((resolve) => reader.once('close', () => resolve()));
  }

  /** Resolves when it has printed this many lines with this beginning. */
  async says(beginning: string, count = 1): Promise<void> {
    const until = Date.now() + 30_000;
    while (this.lines.filter((line) => line.startsWith(beginning)).length < count) {
      if (Date.now() > until)
        throw new Error(`the process did not say ${beginning}: ${this.lines.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Kills it, and resolves when all its output was read. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end. */
  async finish(): Promise<void> {
    this.child.stdin?.end();
    await this.ended;
  }
}
