import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino, { type Logger } from 'pino';
import type { Clock } from '../../src/app/ports/clock';
import { readConfig } from '../../src/config';
import { startServer, type RunningServer } from '../../src/server';

export interface TestNode extends RunningServer {
  readonly wsUrl: string;
  readonly operatorToken: string;
  readonly dataDir: string;
  /** Stops it, and starts another one with the same data folder. */
  restart(environment?: Record<string, string>): Promise<TestNode>;
}

/** A whole node on free loopback ports with a data folder of its own. `LOG_LEVEL=debug` shows what it logs. */
export async function startNode(
  environment: Record<string, string> = {},
  clock?: Clock,
  log?: Logger,
): Promise<TestNode> {
  return startIn(await mkdtemp(path.join(tmpdir(), 'passerby-test-')), environment, clock, log);
}

async function startIn(
  dataDir: string,
  environment: Record<string, string>,
  clock?: Clock,
  log?: Logger,
): Promise<TestNode> {
  const operatorToken = 'operator-token-for-tests';
  const config = readConfig({
    PORT: '0',
    RTC_PORT: '0',
    MEDIA_WORKERS: '2',
    SOCKETS_PER_ADDRESS: '5000',
    // All clients of a test come from one address.
    GUESTS_PER_ADDRESS: '100000',
    // Tests that are not about overload must not meet it on a busy machine.
    MOST_NEW_PER_SECOND: '100000',
    LEAST_NEW_PER_SECOND: '100000',
    DATA_DIR: dataDir,
    OPERATOR_TOKEN: operatorToken,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
    MEDIASOUP_WORKER_BIN: process.env['MEDIASOUP_WORKER_BIN'],
    ...environment,
  });
  const server = await startServer(config, log ?? pino({ level: config.logging.level }), clock);
  return {
    ...server,
    wsUrl: `${server.url.replace('http', 'ws').replace('localhost', '127.0.0.1')}/ws`,
    operatorToken,
    dataDir,
    restart: async (next = environment) => {
      await server.close();
      return startIn(dataDir, next, clock, log);
    },
    close: async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
