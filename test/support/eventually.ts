import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until it is so; rejects when it has not come about in time. */
export async function eventually(what: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  for (const until = Date.now() + withinMs; !(await what());) {
    if (Date.now() > until) throw new Error('it has not come about in time');
    await sleep(10);
  }
}
