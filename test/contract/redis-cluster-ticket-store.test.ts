import { RedisTickets } from '../support/redis-tickets';
import { describeWithRedis, RedisClusterServers } from '../support/redis';
import { ticketStoreContract } from './ticket-store';

describeWithRedis('the ticket store in a Redis Cluster', () => {
  let servers: RedisClusterServers;
  let tickets: RedisTickets;
  beforeAll(async () => {
    servers = await RedisClusterServers.start();
    tickets = new RedisTickets(servers.url);
    await tickets.redis.ready();
  });
  afterAll(async () => {
    await tickets.close();
    await servers.stop();
  });

  ticketStoreContract({
    open: () => Promise.resolve(tickets.store()),
    notified: () => tickets.notified(),
  });
});
