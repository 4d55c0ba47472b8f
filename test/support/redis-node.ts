import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Director } from '../../src/app/matchmaking/director';
import { DEFAULT_STEPS, shardName, shardOf } from '../../src/domain/pairing';
import { systemClock } from '../../src/memory/clock';
import { RedisConnection } from '../../src/redis/connection';
import { RedisTicketStore } from '../../src/redis/ticket-store';
import { ticket } from './tickets';

/**
 * A separate process with a ticket store in Redis, which tests kill. It prints each step as a line on standard output
 * before it goes on.
 *
 *     half-add <url> <prefix>   takes the peer `p` and gets no further: `taken`
 *     node <url> <prefix>       adds peers of a common pool and pairs them: `added <ticket>`, `pair <ticket> <ticket>`
 *                               until standard input ends, then `done`
 */
const PEERS = 60;
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
      const peerId = `p${Math.floor(Math.random() * PEERS)}`;
      // Peers who have waited for long may meet anyone at once.
      const added = await store
        .add(ticket(peerId, { id, since: systemClock.elapsed() - 700_000 }))
        .catch(() => false);
      if (added) say(`added ${id}`);
    });
    await Promise.all(adding);
    await sleep(1);
  }
  // Until no further pair is possible: since all these peers may meet, at most one is left.
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
