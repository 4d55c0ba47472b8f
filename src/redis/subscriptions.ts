import type { Redis } from 'ioredis';
import type { RedisConnection } from './connection';
import { asError, RedisUnavailable } from './unavailable';

/** What is heard of a channel. */
export interface ChannelListener {
  readonly message: (message: string) => void;
  /** Messages may have been missed from now on, until it is subscribed to again. */
  readonly lost: () => void;
}

interface Subscription {
  readonly connection: Redis;
  readonly listener: ChannelListener;
}

/**
 * Sharded channels, on one connection for each server that holds any. A connection that breaks is given up, and
 * everyone who listened there is told: they have to look at what they missed anyway, so they subscribe again.
 */
export class Subscriptions {
  private readonly connections = new Map<string, Redis>();
  private readonly subscribed = new Map<string, Subscription>();
  private closed = false;

  constructor(private readonly redis: RedisConnection) {}

  /** Subscribes, or makes sure that it still is so; there is one listener a channel. Rejects when it cannot. */
  async subscribe(channel: string, listener: ChannelListener): Promise<void> {
    const home = await this.redis.homeOf(channel);
    if (this.closed) throw new RedisUnavailable('the subscriptions are closed');
    const connection = this.connections.get(home) ?? this.connect(home);
    const before = this.subscribed.get(channel)?.connection;
    this.subscribed.set(channel, { connection, listener });
    // The channel's slot has moved: there is nothing to be heard where it was.
    if (before !== undefined && before !== connection) before.sunsubscribe(channel).catch(() => undefined);
    try {
      await this.redis.answer(connection.ssubscribe(channel));
    } catch (error) {
      if (asError(error).message.includes('MOVED')) this.redis.lookAgain();
      // It may hang rather than be broken; a new one is the surest way out.
      connection.disconnect();
      throw error;
    }
  }

  unsubscribe(channel: string): void {
    const subscription = this.subscribed.get(channel);
    this.subscribed.delete(channel);
    subscription?.connection.sunsubscribe(channel).catch(() => undefined);
  }

  close(): void {
    this.closed = true;
    this.subscribed.clear();
    for (const connection of this.connections.values()) connection.disconnect();
    this.connections.clear();
  }

  private connect(home: string): Redis {
    const connection = this.redis.connectTo(home);
    this.connections.set(home, connection);
    connection.on('smessage', (channel: string, message: string) => {
      const subscription = this.subscribed.get(channel);
      if (subscription?.connection === connection) subscription.listener.message(message);
    });
    connection.once('end', () => {
      if (this.connections.get(home) === connection) this.connections.delete(home);
      for (const [channel, subscription] of [...this.subscribed]) {
        if (subscription.connection !== connection) continue;
        this.subscribed.delete(channel);
        subscription.listener.lost();
      }
    });
    return connection;
  }
}
