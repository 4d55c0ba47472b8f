import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** pino's number for the level of errors. */
const ERROR_LEVEL = 50;
/** A start waits for the disk, which may be slow where much else is going on. */
const SERVE_MS = 60_000;
const STOP_MS = 12_000;
/** Few settings are taken over from outside: nothing that would lead this node to a server elsewhere. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'MEDIASOUP_WORKER_BIN'];

export interface NodeSettings {
  readonly name: string;
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where all it logs is kept. */
  readonly logFile: string | undefined;
}

export interface NodeEvents {
  started(pid: number): void;
  ended(pid: number): void;
  /** The node has logged an error. */
  reportError(words: string): void;
}

interface Life {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
}

/** One node of the installation: the built server as a process, which dies and is started again in the same folder. */
export class ChaosNode {
  private life: Life | undefined;
  private port: number | undefined;
  private paused = false;
  /** When it was paused (ms since the epoch). */
  private readonly pauses: { readonly from: number; to: number }[] = [];
  lives = 0;

  constructor(
    private readonly settings: NodeSettings,
    private readonly events: NodeEvents,
  ) {}

  get name(): string {
    return this.settings.name;
  }

  /** Clients may connect to it. */
  get serves(): boolean {
    return this.port !== undefined && !this.paused;
  }

  get isAlive(): boolean {
    return this.port !== undefined;
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.port ?? 0}/ws`;
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${this.port ?? 0}`;
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    this.lives += 1;
    const child = spawn(process.execPath, ['build/server/main.js'], {
      // The project's folder, seen from here and from the bundle of this in build/chaos alike.
      cwd: path.resolve(__dirname, '../..'),
      env: { ...ownEnvironment(), DATA_DIR: this.settings.dataDir, ...this.settings.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid !== undefined) this.events.started(pid);
    const ended = new Promise<number | null>((resolve) =>
      child.once('exit', (code) => {
        this.port = undefined;
        if (pid !== undefined) this.events.ended(pid);
        resolve(code);
      }),
    );
    this.life = { child, ended };
    this.port = await this.served(child, ended);
  }

  /** Without any notification. */
  async kill(): Promise<void> {
    const { life } = this;
    if (life === undefined) return;
    this.port = undefined;
    this.endPause();
    life.child.kill('SIGKILL');
    await life.ended;
  }

  /** It neither receives nor sends anything until it is resumed. */
  pause(): void {
    this.paused = this.life?.child.kill('SIGSTOP') === true;
    if (this.paused) this.pauses.push({ from: Date.now(), to: Number.POSITIVE_INFINITY });
  }

  wake(): void {
    this.life?.child.kill('SIGCONT');
    this.endPause();
  }

  /** For how long it has stood still since that moment (ms). */
  stillSince(moment: number): number {
    const now = Date.now();
    return this.pauses.reduce(
      (sum, { from, to }) => sum + Math.max(0, Math.min(to, now) - Math.max(from, moment)),
      0,
    );
  }

  /** Its media workers. */
  workers(): number[] {
    const pid = this.life?.child.pid;
    if (pid === undefined || !this.isAlive) return [];
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' });
    return stdout
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, parent, program]) => Number(parent) === pid && program?.startsWith('mediasoup') === true)
      .map(([worker]) => Number(worker));
  }

  /** An orderly stop. Resolves with the exit code; null: it had to be killed. */
  async stop(): Promise<number | null> {
    const { life } = this;
    if (life === undefined) return 0;
    this.wake();
    life.child.kill('SIGTERM');
    const timer = setTimeout(() => life.child.kill('SIGKILL'), STOP_MS);
    const code = await life.ended;
    clearTimeout(timer);
    return code;
  }

  private endPause(): void {
    this.paused = false;
    const last = this.pauses.at(-1);
    if (last !== undefined) last.to = Math.min(last.to, Date.now());
  }

  private served(child: ChildProcess, ended: Promise<number | null>): Promise<number> {
    let output = '';
    return new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.name} does not serve: ${output}`)), SERVE_MS);
      const read = (line: string): void => {
        if (this.settings.logFile !== undefined) appendFileSync(this.settings.logFile, `${line}\n`);
        const port = /Passerby is at http:\/\/localhost:(\d+)/.exec(line)?.[1];
        if (port === undefined) {
          this.logged(line);
          if (output.length < 4_000) output += `${line}\n`;
          return;
        }
        clearTimeout(timer);
        resolve(Number(port));
      };
      for (const stream of [child.stdout, child.stderr]) {
        if (stream !== null) createInterface({ input: stream }).on('line', read);
      }
      void ended.then((code) => {
        clearTimeout(timer);
        reject(new Error(`${this.name} ended with ${code}: ${output}`));
      });
    });
  }

  private logged(line: string): void {
    if (!line.startsWith('{')) {
      if (line.trim() !== '') this.events.reportError(line.trim().slice(0, 160));
      return;
    }
    const { level, msg, err } = JSON.parse(line) as LogLine;
    if (level >= ERROR_LEVEL) this.events.reportError(`${msg}${err === undefined ? '' : `: ${err.message}`}`);
  }
}

interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly err?: { readonly message: string };
}

const ownEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
