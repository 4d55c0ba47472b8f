import type { Redis } from 'ioredis';
import type { RedisConnection } from './connection';
import { RedisUnavailable } from './unavailable';

/** What a subscriber of a channel receives. */
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
 * Sharded channels, on one connection for each server that holds any. A connection that breaks is given up, and every
 * listener on it is notified. A listener has to read what it missed anyway, so it subscribes again itself.
 */
export class Subscriptions {
  private readonly connections = new Map<string, Redis>();
  private readonly subscribed = new Map<string, Subscription>();
  private closed = false;

  constructor(private readonly redis: RedisConnection) {}

  /** Subscribes, or confirms the subscription. There is one listener per channel. Rejects when Redis does not answer. */
  async subscribe(channel: string, listener: ChannelListener): Promise<void> {
    const server = await this.redis.ownerOf(channel);
    if (this.closed) throw new RedisUnavailable('the subscriptions are closed');
    const connection = this.connectionTo(server);
    const before = this.subscribed.get(channel)?.connection;
    this.subscribed.set(channel, { connection, listener });
    // The channel's slot has moved: the former server no longer delivers anything.
    if (before !== undefined && before !== connection) before.sunsubscribe(channel).catch(() => undefined);
    try {
      await this.redis.answer(connection.ssubscribe(channel));
    } catch (error) {
      // The connection may hang without breaking. A new one, to the server that now holds the channel, is safest.
      this.redis.lookAgain();
      this.giveUp(server, connection);
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

  private connectionTo(server: string): Redis {
    try {
      return this.connections.get(server) ?? this.connect(server);
    } catch (error) {
      // The client forgets a server that was away, until it asks the other servers about the slots again.
      this.redis.lookAgain();
      throw error;
    }
  }

  private connect(server: string): Redis {
    const connection = this.redis.connectTo(server);
    this.connections.set(server, connection);
    connection.on('smessage', (channel: string, message: string) => {
      const subscription = this.subscribed.get(channel);
      if (subscription?.connection === connection) subscription.listener.message(message);
    });
    // The server says that a channel's slot has moved to another one. From now on it would only be silent.
    connection.on('moved', () => {
      this.redis.lookAgain();
      this.giveUp(server, connection);
    });
    connection.once('end', () => this.giveUp(server, connection));
    return connection;
  }

  /** Does not wait for the connection's end, since the end of a hanging connection comes late. */
  private giveUp(server: string, connection: Redis): void {
    if (this.connections.get(server) === connection) this.connections.delete(server);
    if (connection.status !== 'end') connection.disconnect();
    for (const [channel, subscription] of [...this.subscribed]) {
      if (subscription.connection !== connection) continue;
      this.subscribed.delete(channel);
      subscription.listener.lost();
    }
  }
}
