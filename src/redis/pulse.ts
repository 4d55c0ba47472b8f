import { Cluster, type Redis } from 'ioredis';
import type { Clock } from '../app/ports/clock';
import type { RedisConnection } from './connection';

const BEAT_MS = 500;
/**
 * A server that gives no sign of life at so many beats in a row hangs. Counted in beats, so that a late event loop here
 * is not taken for it.
 */
const SILENT_BEATS = 3;

export interface RedisPulseOptions {
  readonly redis: Pick<RedisConnection, 'client' | 'health'>;
  readonly clock: Clock;
  /** Called when a server hangs, and when all answer again. */
  readonly changed: (isSilent: boolean) => void;
}

interface Asked {
  isAnswered: boolean;
  beats: number;
}

/**
 * Notices a Redis that hangs: it keeps its connections open and answers nothing, so only the absence of answers shows
 * it. A connection that is broken is the connection's own affair.
 */
export class RedisPulse {
  /** The last sign of life that each server was asked for. */
  private readonly asked = new Map<Redis | Cluster, Asked>();
  private silent = false;
  private readonly stop: () => void;

  constructor(private readonly options: RedisPulseOptions) {
    this.stop = options.clock.every(BEAT_MS, () => this.beat());
  }

  get isSilent(): boolean {
    return this.silent;
  }

  close(): void {
    this.stop();
  }

  private beat(): void {
    const { redis, changed } = this.options;
    const { client } = redis;
    const servers: readonly (Redis | Cluster)[] =
      client instanceof Cluster ? client.nodes('master') : [client];
    for (const known of this.asked.keys()) if (!servers.includes(known)) this.asked.delete(known);
    // Over a connection that is being made again nothing can be asked.
    if (redis.health === 'up') for (const server of servers) this.ask(server);
    else this.asked.clear();
    const isSilent = [...this.asked.values()].some(({ beats }) => beats >= SILENT_BEATS);
    // A connection that broke while the server hung says nothing about the server: it is made anew, and asked then.
    if (isSilent === this.silent || (!isSilent && redis.health === 'down')) return;
    this.silent = isSilent;
    changed(isSilent);
  }

  private ask(server: Redis | Cluster): void {
    const last = this.asked.get(server);
    if (last !== undefined && !last.isAnswered) {
      last.beats += 1;
      return;
    }
    const asked: Asked = { isAnswered: false, beats: 0 };
    this.asked.set(server, asked);
    server.ping().then(
      () => (asked.isAnswered = true),
      // The connection broke; the next beat asks again.
      () => this.asked.delete(server),
    );
  }
}
