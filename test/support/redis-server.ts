import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';

/**
 * The server that tests with Redis start, each its own. `npm test` names one where it can be had; without it these
 * tests are skipped, and `npm test` says so.
 */
const given = process.env['REDIS_SERVER_BIN'];
const program = given ?? 'redis-server';
export const HAS_REDIS = spawnSync(program, ['--version'], { timeout: 10_000 }).status === 0;

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          // The bus of a cluster listens 10,000 above.
          const tried = 20_000 + Math.floor(Math.random() * 25_000);
          server.listen(tried, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A real Redis in its own folder on a free port of this machine. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly settings: readonly string[],
  ) {}

  static async start(settings: readonly string[] = []): Promise<RedisServer> {
    for (let attempt = 1; ; attempt++) {
      const [port] = await freePorts(1).catch(() => []);
      if (port === undefined) continue;
      const folder = await mkdtemp(path.join(tmpdir(), 'passerby-redis-'));
      const server = new RedisServer(port, folder, settings);
      try {
        await server.run();
        return server;
      } catch (error) {
        await server.stop();
        if (attempt === 5) throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, also again after `kill`, with the data of its folder. */
  async run(): Promise<void> {
    const child = spawn(
      program,
      [
        ...['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder],
        ...['--save', '', '--loglevel', 'warning', ...this.settings],
      ],
      { stdio: 'ignore' },
    );
    this.child = child;
    const ended = new Promise<never>((_, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    });
    ended.catch(() => undefined);
    await Promise.race([ended, this.ask(async (redis) => redis.ping())]);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** The server stands still, or goes on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Runs `request` with a plain client, to check what the adapters did or to disturb them. */
  async ask<T>(request: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.port, '127.0.0.1', {
      retryStrategy: (attempt) => (attempt > 400 ? null : 25),
      maxRetriesPerRequest: null,
    });
    redis.on('error', () => undefined);
    try {
      return await request(redis);
    } finally {
      redis.disconnect();
    }
  }
}

const SLOTS = 16_384;

/** Three masters on this machine that share the slots. */
export class RedisClusterServers {
  private constructor(readonly servers: readonly RedisServer[]) {}

  static async start(): Promise<RedisClusterServers> {
    const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
    const servers = await Promise.all([1, 2, 3].map(() => RedisServer.start(settings)));
    const each = Math.ceil(SLOTS / servers.length);
    for (const [index, server] of servers.entries()) {
      const last = Math.min(SLOTS, (index + 1) * each) - 1;
      await server.ask(async (redis) => {
        await redis.cluster('ADDSLOTSRANGE', index * each, last);
        await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
        for (const { port } of servers.slice(0, index)) await redis.cluster('MEET', '127.0.0.1', port);
      });
    }
    const cluster = new RedisClusterServers(servers);
    await cluster.whole();
    return cluster;
  }

  get url(): string {
    return this.servers.map(({ url }) => url).join(',');
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  /** Resolves once every server knows of every other one and of all slots. */
  private async whole(): Promise<void> {
    for (const server of this.servers) {
      await server.ask(async (redis) => {
        for (;;) {
          const info = String(await redis.cluster('INFO'));
          if (/cluster_state:ok/.test(info) && /cluster_known_nodes:3\b/.test(info)) return;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      });
    }
  }
}
