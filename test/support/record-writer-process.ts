import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';

const PROGRAM = path.resolve(__dirname, '../../build/test/record-writer.cjs');

/** Bundles the program once for a suite. It is written into the project, since it needs the dependencies. */
export async function bundleRecordWriter(): Promise<void> {
  await build({
    entryPoints: [path.resolve(__dirname, 'record-writer.ts')],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
  });
}

export interface WriterOptions {
  readonly folder: string;
  readonly mongodbUri?: string;
  readonly from: number;
  readonly count: number;
  /** The largest size of a file in blocks of 1 KiB, as a shell's `ulimit -f` takes it. */
  readonly fileKilobytes?: number;
}

/** A process that writes records, and its output about them. */
export class RecordWriter {
  /** Numbers of the writes that were acknowledged, and lines about those that were rejected. */
  readonly kept: number[] = [];
  readonly refused: string[] = [];
  readonly ended: Promise<void>;
  /** The health of the store when all was written. */
  health: string | undefined;
  private errors = '';
  private readonly child: ChildProcess;
  private readonly begun: Promise<void>;

  constructor({ fileKilobytes, ...options }: WriterOptions) {
    const node = [
      process.execPath,
      '--enable-source-maps',
      PROGRAM,
      JSON.stringify({ writers: 20, ...options }),
    ];
    const [program = '', ...args] =
      fileKilobytes === undefined
        ? node
        : ['bash', '-c', `ulimit -f ${fileKilobytes}; exec "$@"`, 'bash', ...node];
    this.child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stderr?.on('data', (data: Buffer) => (this.errors += String(data)));
    this.ended = new Promise((resolve) => this.child.once('close', () => resolve()));
    this.begun = new Promise((resolve) => this.read(resolve));
  }

  /** Resolves when the first write was acknowledged or the process has ended. */
  async writing(): Promise<void> {
    await Promise.race([this.begun, this.ended]);
    if (this.errors !== '') throw new Error(this.errors);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private read(begun: () => void): void {
    let rest = '';
    this.child.stdout?.on('data', (data: Buffer) => {
      const lines = `${rest}${String(data)}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [word, value = ''] = line.split(' ');
        if (word === 'kept') this.kept.push(Number(value));
        if (word === 'refused') this.refused.push(line);
        if (word === 'done') this.health = value;
      }
      begun();
    });
  }
}
