import type { Redis } from 'ioredis';
import type { RedisConnection } from './connection';
import { RedisUnavailable } from './unavailable';

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
    const home = await this.redis.ownerOf(channel);
    if (this.closed) throw new RedisUnavailable('the subscriptions are closed');
    const connection = this.connectionTo(home);
    const before = this.subscribed.get(channel)?.connection;
    this.subscribed.set(channel, { connection, listener });
    // The channel's slot has moved: there is nothing to be heard where it was.
    if (before !== undefined && before !== connection) before.sunsubscribe(channel).catch(() => undefined);
    try {
      await this.redis.answer(connection.ssubscribe(channel));
    } catch (error) {
      // It may hang rather than be broken; a new one, to wherever the channel is now, is the surest way out.
      this.redis.lookAgain();
      this.giveUp(home, connection);
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

  private connectionTo(home: string): Redis {
    try {
      return this.connections.get(home) ?? this.connect(home);
    } catch (error) {
      // A server that was away is not known any more, until somebody asks the others about it.
      this.redis.lookAgain();
      throw error;
    }
  }

  private connect(home: string): Redis {
    const connection = this.redis.connectTo(home);
    this.connections.set(home, connection);
    connection.on('smessage', (channel: string, message: string) => {
      const subscription = this.subscribed.get(channel);
      if (subscription?.connection === connection) subscription.listener.message(message);
    });
    // The server says that a channel's slot has gone to another one. Its silence would be all that is left.
    connection.on('moved', () => {
      this.redis.lookAgain();
      this.giveUp(home, connection);
    });
    connection.once('end', () => this.giveUp(home, connection));
    return connection;
  }

  /** Does not wait for the connection's end: that of one that hangs comes late. */
  private giveUp(home: string, connection: Redis): void {
    if (this.connections.get(home) === connection) this.connections.delete(home);
    if (connection.status !== 'end') connection.disconnect();
    for (const [channel, subscription] of [...this.subscribed]) {
      if (subscription.connection !== connection) continue;
      this.subscribed.delete(channel);
      subscription.listener.lost();
    }
  }
}
