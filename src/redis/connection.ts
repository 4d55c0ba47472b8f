import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseRedisAddress, type RedisAddress } from '../domain/redis-address';
import { SCRIPTS } from './scripts';
import { asError, RedisUnavailable } from './unavailable';

/** How long an answer may take (ms), waiting for the server to be there again included. */
const ANSWER_MS = 5_000;
const CONNECT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;
const MOST_RETRY_MS = 1_000;
const CLOSE_MS = 1_000;

const retryAfterMs = (attempt: number): number =>
  Math.min(MOST_RETRY_MS, 25 * 2 ** Math.min(attempt, 10)) + Math.floor(Math.random() * 25);

export interface RedisConnectionOptions {
  /** `redis://…` or `rediss://…`; several with commas between are servers of one cluster. */
  readonly url: string;
  /** Told of every trouble with the connection, all of which is already being mended. */
  readonly onError?: (error: Error) => void;
  readonly answerMs?: number;
}

function optionsOf(address: RedisAddress) {
  return {
    username: address.username,
    password: address.password,
    db: address.database,
    ...(address.tls ? { tls: {} } : {}),
    keepAlive: KEEP_ALIVE_MS,
    connectTimeout: CONNECT_MS,
    // A script must never run twice for one question: what was sent when the connection broke fails at once, and
    // whoever asked decides. What was not sent yet waits for one attempt to connect.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Who follows something asks for it again by itself, since it has to look at what it missed.
    autoResubscribe: false,
    // A server that was made a replica of another one keeps the connection; the name may lead to the new one.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  };
}

function clusterOf(address: RedisAddress): Cluster {
  return new Cluster([...address.servers], {
    redisOptions: optionsOf(address),
    clusterRetryStrategy: retryAfterMs,
    // As above: a command whose answer was lost is not sent again.
    retryDelayOnFailover: 0,
    slotsRefreshTimeout: CONNECT_MS,
    slotsRefreshInterval: 30_000,
  });
}

/**
 * The way to Redis, for all adapters of a node: one server or a cluster. Made without waiting for the server. Needs
 * Redis 7 or what is compatible with it (sharded publishing from scripts).
 */
export class RedisConnection {
  /** For the adapters: every script is a command of it. */
  readonly client: Redis | Cluster;
  private readonly address: RedisAddress;
  private closing: Promise<void> | undefined;

  /** Throws where the address is none. */
  constructor(private readonly options: RedisConnectionOptions) {
    this.address = parseRedisAddress(options.url);
    this.client = this.address.isCluster ? clusterOf(this.address) : this.single();
    const heard = (error: unknown): void => options.onError?.(asError(error));
    this.client.on('error', heard);
    this.client.on('node error', heard);
    for (const { name, keys, lua } of SCRIPTS) {
      this.client.defineCommand(name, { lua, ...(keys === 'n' ? {} : { numberOfKeys: keys }) });
    }
  }

  get isCluster(): boolean {
    return this.address.isCluster;
  }

  get health(): 'up' | 'down' {
    return this.client.status === 'ready' ? 'up' : 'down';
  }

  /** Resolves when Redis answers; rejects with `RedisUnavailable` when it does not in time. */
  async ready(withinMs = 10_000): Promise<void> {
    const until = performance.now() + withinMs;
    for (;;) {
      try {
        await this.answer(this.client.get('passerby:ready'));
        return;
      } catch (error) {
        if (this.closing !== undefined || performance.now() >= until) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** An answer, or after some seconds `RedisUnavailable`: the question may then still be answered by a deed. */
  answer<T>(reply: Promise<T>): Promise<T> {
    const ms = this.options.answerMs ?? ANSWER_MS;
    return new Promise<T>((resolve, reject) => {
      const late = setTimeout(() => reject(new RedisUnavailable(`no answer within ${ms} ms`)), ms);
      reply.then(
        (value) => {
          clearTimeout(late);
          resolve(value);
        },
        (error: unknown) => {
          clearTimeout(late);
          reject(new RedisUnavailable(asError(error).message, error));
        },
      );
    });
  }

  /** The server that holds this key, by a name that is the same for as long as it does. */
  async ownerOf(key: string): Promise<string> {
    if (!(this.client instanceof Cluster)) return 'the only one';
    const slot = await this.answer(this.client.cluster('KEYSLOT', key));
    const home = this.client.slots[slot]?.[0];
    if (home === undefined) throw new RedisUnavailable(`no server of the cluster holds slot ${slot}`);
    return home;
  }

  /** A connection of its own to a server that `homeOf` named. It ends when it breaks, and is not made again. */
  connectTo(home: string): Redis {
    const ends: RedisOptions = { retryStrategy: null, enableReadyCheck: false, lazyConnect: true };
    const connection = (this.client instanceof Cluster ? this.nodeAt(home) : this.client).duplicate(ends);
    connection.on('error', (error) => this.options.onError?.(asError(error)));
    return connection;
  }

  /** In a cluster: looks anew which server holds what. */
  lookAgain(): void {
    if (this.client instanceof Cluster) this.client.refreshSlotsCache();
  }

  /** What was asked before is still answered, unless that takes too long. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      late = setTimeout(resolve, CLOSE_MS);
    });
    if (this.health === 'up') await Promise.race([this.client.quit().catch(() => undefined), limit]);
    clearTimeout(late);
    if (this.client.status !== 'end') this.client.disconnect();
  }

  private single(): Redis {
    const [server] = this.address.servers;
    return new Redis({ ...server, ...optionsOf(this.address), retryStrategy: retryAfterMs });
  }

  private nodeAt(home: string): Redis {
    const nodes = this.client instanceof Cluster ? this.client.nodes('master') : [];
    const node = nodes.find(({ options: { host, port } }) => `${host}:${port}` === home);
    if (node === undefined) throw new RedisUnavailable(`there is no connection to ${home}`);
    return node;
  }
}
