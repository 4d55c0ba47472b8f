import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const OPERATOR_TOKEN = 'operator-token-of-a-bench';
export const SECRET = 'a secret that all nodes of a bench share';

export interface BenchNode {
  readonly pid: number;
  readonly wsUrl: string;
  /** A figure from `/metrics`; those of the event loop begin anew each time they are read. */
  metrics(): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
}

/** The built server as a process of its own, on free loopback ports. */
export async function startNode(environment: Readonly<Record<string, string>>): Promise<BenchNode> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'passerby-bench-'));
  const child = spawn(process.execPath, ['build/server/main.js'], {
    env: {
      ...process.env,
      PORT: '0',
      RTC_PORT: '0',
      DATA_DIR: dataDir,
      OPERATOR_TOKEN,
      LOG_LEVEL: 'error',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true });
  try {
    const port = await portOf(child);
    return {
      pid: child.pid ?? NaN,
      wsUrl: `ws://127.0.0.1:${port}/ws`,
      metrics: () => readMetrics(`http://127.0.0.1:${port}/metrics`),
      stop: async () => {
        await end(child);
        remove();
      },
    };
  } catch (error) {
    await end(child);
    remove();
    throw error;
  }
}

function portOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the server ended')));
    child.stdout?.on('data', (data: Buffer) => {
      const port = /localhost:(\d+)/.exec(String(data))?.[1];
      if (port !== undefined) resolve(port);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(late);
}

async function readMetrics(url: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
  if (!response.ok) throw new Error(`metrics answer with ${response.status}`);
  const lines = (await response.text()).split('\n').filter((line) => /^[a-z_0-9]+ /.test(line));
  return new Map(
    lines.map((line) => {
      const [name = '', value] = line.split(' ');
      return [name, Number(value)];
    }),
  );
}
