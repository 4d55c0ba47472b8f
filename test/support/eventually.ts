import { setTimeout as sleep } from 'node:timers/promises';

/** Checks again and again until the condition holds; rejects when it does not hold in time. */
export async function eventually(what: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  for (const until = Date.now() + withinMs; !(await what());) {
    if (Date.now() > until) throw new Error('the condition did not hold in time');
    await sleep(10);
  }
}
