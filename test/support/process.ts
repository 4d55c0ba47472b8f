import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface NodeProcess {
  readonly child: ChildProcess;
  readonly dataDir: string;
  /** All it has printed so far. */
  output(): string;
  /** Resolves with the WebSocket address once it serves; rejects when it ends before. */
  readonly serving: Promise<string>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  remove(): Promise<void>;
}

/** The built server as a separate process, for tests that look at it from outside. */
export async function spawnNode(environment: Record<string, string> = {}): Promise<NodeProcess> {
  const dataDir = environment['DATA_DIR'] ?? (await mkdtemp(path.join(tmpdir(), 'passerby-test-')));
  const child = spawn(process.execPath, ['build/server/main.js'], {
    cwd: path.resolve(__dirname, '../..'),
    env: {
      ...process.env,
      PORT: '0',
      RTC_PORT: '0',
      MEDIA_WORKERS: '1',
      // All clients of a test come from one address.
      GUESTS_PER_ADDRESS: '100000',
      DATA_DIR: dataDir,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const serving = new Promise<string>((resolve, reject) => {
    const read = (data: Buffer): void => {
      output += String(data);
      const port = /Passerby is at http:\/\/localhost:(\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(`ws://127.0.0.1:${port}/ws`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
  serving.catch(() => undefined);
  return {
    child,
    dataDir,
    output: () => output,
    serving,
    ended,
    remove: async () => {
      child.kill('SIGKILL');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
