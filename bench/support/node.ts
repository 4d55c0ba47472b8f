import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { serverMarkSchema, type ServerMark } from './server-marks';

export const OPERATOR_TOKEN = 'operator-token-of-a-bench';
export const SECRET = 'a secret that all nodes of a bench share';

const remainingSchema = z.object({ people: z.number(), lines: z.number(), calls: z.number() });
/** What a node that is drained still has. */
export type Remaining = z.infer<typeof remainingSchema>;

export interface BenchNode {
  readonly pid: number;
  readonly url: string;
  readonly wsUrl: string;
  /** What the probe has seen since this was last asked; empty without a probe. */
  takeMarks(): readonly ServerMark[];
  /** A figure from `/metrics`; those of the event loop begin anew each time they are read. */
  metrics(): Promise<ReadonlyMap<string, number>>;
  /** Begins to drain the node, or goes on with that, and answers with what it still has. */
  drain(): Promise<Remaining>;
  cancelDrain(): Promise<void>;
  /** Ends it without a word, as a power cut does. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface NodeOptions {
  /** The checkout whose built server is started; this one where none is named. */
  readonly checkout?: string;
  /** Tells when the server sends `partner_found` and resumes producers. */
  readonly probe?: boolean;
}

/** The built server as a process of its own, on free loopback ports. */
export async function startNode(
  environment: Readonly<Record<string, string>>,
  { checkout = process.cwd(), probe = false }: NodeOptions = {},
): Promise<BenchNode> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'passerby-bench-'));
  const preload = probe ? ['--require', path.resolve('build/bench/support/server-probe.cjs')] : [];
  const child = spawn(process.execPath, [...preload, 'build/server/main.js'], {
    cwd: checkout,
    env: {
      ...process.env,
      PORT: '0',
      RTC_PORT: '0',
      DATA_DIR: dataDir,
      OPERATOR_TOKEN,
      LOG_LEVEL: 'error',
      // All clients of a bench come from one address.
      GUESTS_PER_ADDRESS: '100000',
      ...environment,
    },
    stdio: probe ? ['ignore', 'pipe', 'inherit', 'ipc'] : ['ignore', 'pipe', 'inherit'],
  });
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true });
  let marks: ServerMark[] = [];
  child.on('message', (mark) => marks.push(serverMarkSchema.parse(mark)));
  try {
    const port = await portOf(child);
    const url = `http://127.0.0.1:${port}`;
    return {
      pid: child.pid ?? NaN,
      url,
      wsUrl: `ws://127.0.0.1:${port}/ws`,
      takeMarks: () => {
        const taken = marks;
        marks = [];
        return taken;
      },
      metrics: async () => metricsIn(await (await asOperator(`${url}/metrics`, 'GET')).text()),
      drain: async () =>
        remainingSchema.parse(await (await asOperator(`${url}/videochat/drain`, 'POST')).json()),
      cancelDrain: async () => void (await asOperator(`${url}/videochat/drain`, 'DELETE')),
      kill: async () => {
        await end(child, 'SIGKILL');
        remove();
      },
      stop: async () => {
        await end(child, 'SIGTERM');
        remove();
      },
    };
  } catch (error) {
    await end(child, 'SIGTERM');
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

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(late);
}

async function asOperator(url: string, method: 'GET' | 'POST' | 'DELETE'): Promise<Response> {
  const response = await fetch(url, { method, headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
  if (!response.ok) throw new Error(`${method} ${url} answers with ${response.status}`);
  return response;
}

function metricsIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => /^[a-z_0-9]+ /.test(line));
  return new Map(
    lines.map((line) => {
      const [name = '', value] = line.split(' ');
      return [name, Number(value)];
    }),
  );
}
