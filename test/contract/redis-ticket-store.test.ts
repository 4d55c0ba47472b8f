import { RedisTickets } from '../support/redis-tickets';
import { describeWithRedis, RedisServer } from '../support/redis';
import { ticketStoreContract } from './ticket-store';

describeWithRedis('the ticket store in one Redis', () => {
  let server: RedisServer;
  let tickets: RedisTickets;
  beforeAll(async () => {
    server = await RedisServer.start();
    tickets = new RedisTickets(server.url);
    await tickets.redis.ready();
  });
  afterAll(async () => {
    await tickets.close();
    await server.stop();
  });

  ticketStoreContract({
    open: () => Promise.resolve(tickets.store()),
    notified: () => tickets.notified(),
  });
});
