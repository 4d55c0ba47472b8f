import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseRedisAddress, type RedisAddress } from '../domain/redis-address';
import { SCRIPTS } from './scripts';
import { asError, RedisUnavailable } from './unavailable';

/** How long an answer may take (ms), including the wait for a server that is away. */
const ANSWER_MS = 5_000;
const CONNECT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;
const MOST_RETRY_MS = 1_000;
const CLOSE_MS = 1_000;
/**
 * A connection that is half open, or whose server hangs, is made anew after this (ms): the address may by then lead to
 * a server that answers.
 */
const SILENT_MS = 10_000;

const retryAfterMs = (attempt: number): number =>
  Math.min(MOST_RETRY_MS, 25 * 2 ** Math.min(attempt, 10)) + Math.floor(Math.random() * 25);

export interface RedisConnectionOptions {
  /** In one of the forms that `parseRedisAddress` takes. */
  readonly url: string;
  /** Called with every error of the connection. The connection recovers by itself. */
  readonly onError?: (error: Error) => void;
  readonly answerMs?: number;
  /** After this long without a byte while answers are awaited, the connection is made anew. */
  readonly silentMs?: number;
}

function optionsOf(address: RedisAddress, silentMs: number) {
  return {
    username: address.username,
    password: address.password,
    db: address.database,
    ...('tls' in address && address.tls ? { tls: {} } : {}),
    keepAlive: KEEP_ALIVE_MS,
    connectTimeout: CONNECT_MS,
    socketTimeout: silentMs,
    // A script must never run twice for one request. A command that was sent when the connection broke fails at once,
    // and its caller decides. A command that was not sent yet waits for one attempt to connect.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Each subscriber subscribes again by itself, since it has to read what it missed.
    autoResubscribe: false,
    // A server that became a replica keeps the connection. The name may by then lead to the new primary.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  };
}

function clusterOf(address: Extract<RedisAddress, { kind: 'cluster' }>, silentMs: number): Cluster {
  return new Cluster([...address.servers], {
    redisOptions: optionsOf(address, silentMs),
    clusterRetryStrategy: retryAfterMs,
    // As above: a command whose answer was lost is not sent again.
    retryDelayOnFailover: 0,
    slotsRefreshTimeout: CONNECT_MS,
    slotsRefreshInterval: 30_000,
  });
}

/** A connection to one server: at its address, through its socket, or to the primary that sentinels name. */
function singleAt(address: Exclude<RedisAddress, { kind: 'cluster' }>, silentMs: number): Redis {
  const options = { ...optionsOf(address, silentMs), retryStrategy: retryAfterMs };
  switch (address.kind) {
    case 'server':
      return new Redis({ ...address.servers[0], ...options });
    case 'socket':
      return new Redis({ path: address.path, ...options });
    case 'sentinel':
      return new Redis({
        ...options,
        sentinels: [...address.servers],
        name: address.primary,
        sentinelUsername: address.sentinelUsername,
        sentinelPassword: address.sentinelPassword,
        ...(address.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
        sentinelRetryStrategy: retryAfterMs,
      });
  }
}

/**
 * The connection to Redis for all adapters of a node: one server, servers behind sentinels, or a cluster. Made without
 * waiting for the server.
 * Needs Redis 7 or a compatible server (sharded publishing from scripts).
 */
export class RedisConnection {
  /** For the adapters. Every script is one of its commands. */
  readonly client: Redis | Cluster;
  private readonly address: RedisAddress;
  private closing: Promise<void> | undefined;

  /** Throws when the address cannot be parsed. */
  constructor(private readonly options: RedisConnectionOptions) {
    this.address = parseRedisAddress(options.url);
    const silentMs = options.silentMs ?? SILENT_MS;
    this.client =
      this.address.kind === 'cluster' ? clusterOf(this.address, silentMs) : singleAt(this.address, silentMs);
    const heard = (error: unknown): void => options.onError?.(asError(error));
    this.client.on('error', heard);
    this.client.on('node error', heard);
    for (const { name, keys, lua } of SCRIPTS) {
      this.client.defineCommand(name, { lua, ...(keys === 'n' ? {} : { numberOfKeys: keys }) });
    }
  }

  get isCluster(): boolean {
    return this.address.kind === 'cluster';
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

  /** The answer, or `RedisUnavailable` after some seconds. The command may still be carried out then. */
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

  /** The name of the server that holds this key. It stays the same for as long as that server holds it. */
  async ownerOf(key: string): Promise<string> {
    if (!(this.client instanceof Cluster)) return 'the only one';
    const slot = await this.answer(this.client.cluster('KEYSLOT', key));
    const server = this.client.slots[slot]?.[0];
    if (server === undefined) throw new RedisUnavailable(`no server of the cluster holds slot ${slot}`);
    return server;
  }

  /** A separate connection to a server that `ownerOf` named. It ends when it breaks, and is not made again. */
  connectTo(server: string): Redis {
    const ends: RedisOptions = { retryStrategy: null, enableReadyCheck: false, lazyConnect: true };
    const connection = (this.client instanceof Cluster ? this.nodeAt(server) : this.client).duplicate(ends);
    connection.on('error', (error) => this.options.onError?.(asError(error)));
    return connection;
  }

  /** In a cluster: asks again which server holds which slots. */
  lookAgain(): void {
    if (this.client instanceof Cluster) this.client.refreshSlotsCache();
  }

  /** Commands sent before are still answered, unless that takes too long. */
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

  private nodeAt(server: string): Redis {
    const nodes = this.client instanceof Cluster ? this.client.nodes('master') : [];
    const node = nodes.find(({ options: { host, port } }) => `${host}:${port}` === server);
    if (node === undefined) throw new RedisUnavailable(`there is no connection to ${server}`);
    return node;
  }
}
