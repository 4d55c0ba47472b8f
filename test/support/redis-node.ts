import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Director } from '../../src/app/matchmaking/director';
import { DEFAULT_STEPS, shardName, shardOf } from '../../src/domain/pairing';
import { systemClock } from '../../src/memory/clock';
import { RedisConnection } from '../../src/redis/connection';
import { RedisTicketStore } from '../../src/redis/ticket-store';
import { ticket } from './tickets';

/**
 * A process of its own with a ticket store in Redis, which tests kill. What it did it says on standard output, a line
 * each, before it goes on.
 *
 *     half-add <url> <prefix>   takes the person `p` and gets no further: `taken`
 *     node <url> <prefix>       adds people of a common pool and pairs them: `added <ticket>`, `pair <ticket> <ticket>`
 *                               until standard input ends, then `done`
 */
const PEOPLE = 60;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function halfAdd(redis: RedisConnection, store: RedisTicketStore): void {
  redis.client.putTickets = () => {
    say('taken');
    return new Promise(() => undefined);
  };
  void store.add(ticket('p', { id: 'half' }));
}

async function node(store: RedisTicketStore): Promise<void> {
  let ended = false;
  process.stdin.resume().once('end', () => (ended = true));
  const director = new Director(shardName(shardOf(ticket('anyone'))), {
    store,
    clock: systemClock,
    steps: DEFAULT_STEPS,
    matched: (tickets) => say(`pair ${tickets.map(({ id }) => id).join(' ')}`),
    stepReached: () => undefined,
    onError: () => undefined,
  });
  while (!ended) {
    const adding = Array.from({ length: 8 }, async () => {
      const id = randomUUID();
      const person = `p${Math.floor(Math.random() * PEOPLE)}`;
      // People who have waited for long may meet anyone at once.
      const added = await store.add(ticket(person, { id, since: Date.now() - 700_000 })).catch(() => false);
      if (added) say(`added ${id}`);
    });
    await Promise.all(adding);
    await sleep(1);
  }
  // Until nobody is left who could be paired; of people who may all meet, that is one at most.
  for (const until = Date.now() + 3_000; director.size > 1 && Date.now() < until;) await sleep(50);
  await sleep(500);
  await director.close();
}

async function main(): Promise<void> {
  const [, , task, url = '', prefix = ''] = process.argv;
  const redis = new RedisConnection({ url });
  await redis.ready();
  const store = new RedisTicketStore({ redis, prefix, clock: systemClock });
  if (task === 'half-add') {
    halfAdd(redis, store);
    // Stays until it is killed.
    setInterval(() => undefined, 1_000);
    return;
  }
  await node(store);
  await store.close();
  await redis.close();
  say('done');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
