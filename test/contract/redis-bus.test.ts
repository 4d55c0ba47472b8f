import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/memory/clock';
import { RedisBus } from '../../src/redis/bus';
import { RedisConnection } from '../../src/redis/connection';
import { describeWithRedis, RedisClusterServers, RedisServer } from '../support/redis';
import { describeBus } from './bus';

/** Buses in one process as if each were in its own: they share nothing but the connection's address. */
class Installations {
  private readonly connections = new Map<string, RedisConnection>();

  constructor(private readonly url: string) {}

  installation(): (address: string) => RedisBus {
    const prefix = `test:${randomUUID()}:`;
    return (self) => new RedisBus({ redis: this.connectionOf(self), clock: systemClock, self, prefix });
  }

  async ready(): Promise<void> {
    await this.connectionOf('a').ready();
  }

  async close(): Promise<void> {
    await Promise.all([...this.connections.values()].map((redis) => redis.close()));
  }

  private connectionOf(address: string): RedisConnection {
    const known = this.connections.get(address) ?? new RedisConnection({ url: this.url });
    this.connections.set(address, known);
    return known;
  }
}

describeWithRedis('the bus in one Redis', () => {
  let server: RedisServer;
  let buses: Installations;
  beforeAll(async () => {
    server = await RedisServer.start();
    buses = new Installations(server.url);
    await buses.ready();
  });
  afterAll(async () => {
    await buses.close();
    await server.stop();
  });

  describeBus('RedisBus', () => buses.installation());
});

describeWithRedis('the bus in a Redis Cluster', () => {
  let servers: RedisClusterServers;
  let buses: Installations;
  beforeAll(async () => {
    servers = await RedisClusterServers.start();
    buses = new Installations(servers.url);
    await buses.ready();
  });
  afterAll(async () => {
    await buses.close();
    await servers.stop();
  });

  describeBus('RedisBus', () => buses.installation());
});
