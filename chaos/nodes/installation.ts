import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RedisServer } from '../../test/support/redis-server';
import { ChaosNode } from './chaos-node';

const OPERATOR_TOKEN = 'operator-token-of-a-chaos-run';

export interface InstallationEvents {
  /** Called for every process that is started and for its end, so that none outlives the run. */
  started(pid: number): void;
  ended(pid: number): void;
}

interface InstallationOptions {
  readonly nodes: number;
  readonly people: number;
  readonly logs: string | undefined;
}

/** Redis and several nodes on this machine alone, in a folder of their own. */
export class Installation {
  readonly nodes: ChaosNode[];
  /** Errors that nodes have logged, and how often. */
  readonly errors = new Map<string, number>();
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'passerby-chaos-'));
  redisIsUp = true;
  /** When Redis came back last (ms since the epoch); null: it was never away. */
  redisBackAt: number | null = null;

  private constructor(
    readonly redis: RedisServer,
    private readonly events: InstallationEvents,
    { nodes, people, logs }: InstallationOptions,
  ) {
    const environment = {
      ...settings(redis.url, people),
      ...(logs === undefined ? {} : { LOG_LEVEL: 'debug' }),
    };
    if (logs !== undefined) mkdirSync(logs, { recursive: true });
    this.nodes = Array.from({ length: nodes }, (_, index) => {
      const name = `node ${index + 1}`;
      const dataDir = path.join(this.folder, `node-${index + 1}`);
      const reportError = (words: string): void =>
        void this.errors.set(words, (this.errors.get(words) ?? 0) + 1);
      const logFile = logs === undefined ? undefined : path.join(logs, `node-${index + 1}.log`);
      return new ChaosNode({ name, dataDir, environment, logFile }, { ...events, reportError });
    });
  }

  static async start(options: InstallationOptions, events: InstallationEvents): Promise<Installation> {
    const redis = await RedisServer.start();
    if (redis.pid !== undefined) events.started(redis.pid);
    const installation = new Installation(redis, events, options);
    try {
      for (const node of installation.nodes) await node.start();
    } catch (error) {
      await installation.close();
      throw error;
    }
    return installation;
  }

  /** Nodes that clients may connect to. */
  serving(): ChaosNode[] {
    return this.nodes.filter((node) => node.serves);
  }

  /** Redis keeps nothing: it comes back empty. */
  async killRedis(): Promise<void> {
    const { pid } = this.redis;
    this.redisIsUp = false;
    await this.redis.kill();
    if (pid !== undefined) this.events.ended(pid);
  }

  async startRedis(): Promise<void> {
    await this.redis.run();
    if (this.redis.pid !== undefined) this.events.started(this.redis.pid);
    this.redisIsUp = true;
    this.redisBackAt = Date.now();
  }

  /** A node's reply to an operator; null when it does not answer. */
  async read(node: ChaosNode, at: string): Promise<string | null> {
    try {
      const response = await fetch(`${node.httpUrl}${at}`, {
        headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
        signal: AbortSignal.timeout(5_000),
      });
      return response.ok ? await response.text() : null;
    } catch {
      return null;
    }
  }

  /** Stops all nodes in order, then Redis. Resolves with the exit code of each node. */
  async stop(): Promise<(number | null)[]> {
    const codes = await Promise.all(this.nodes.map((node) => node.stop()));
    await this.close();
    return codes;
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    const { pid } = this.redis;
    await this.redis.stop();
    if (pid !== undefined) this.events.ended(pid);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const settings = (redisUrl: string, people: number): Record<string, string> => ({
  REDIS_URL: redisUrl,
  SECRET: 'a secret that all nodes of a chaos run share',
  OPERATOR_TOKEN,
  HOST: '127.0.0.1',
  PORT: '0',
  RTC_PORT: '0',
  RTC_LISTEN_ADDRESS: '127.0.0.1',
  MEDIA_WORKERS: '1',
  LOG_LEVEL: 'warn',
  SOCKETS_PER_ADDRESS: String(people * 4 + 100),
  // All people come from one address, and those who reload are new guests again and again.
  GUESTS_PER_ADDRESS: '100000',
  // So that a search without a match is stuck, and does not wait for a nearer partner.
  MATCH_STEPS: '[{"afterMs":0,"minScore":0,"circle":"anyone"}]',
  SKIP_BURST: '20',
  SKIPS_PER_MINUTE: '60',
});
