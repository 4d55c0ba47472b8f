import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeLiveness } from '../../src/app/cluster/ports/node-liveness';
import { DEAD_AFTER_MS, UNHEARD_DEAD_AFTER_MS } from '../../src/domain/failure-detection';

export interface LivenessSetting {
  /** A node's signs. Nodes of one test see each other's; `name` is unique within the test. */
  open(name: string): Promise<NodeLiveness>;
  pass(ms: number): Promise<unknown>;
}

/** What every store of signs of life guarantees. */
export function describeNodeLiveness(title: string, { open, pass }: LivenessSetting): void {
  describe(title, () => {
    const opened: NodeLiveness[] = [];
    const node = async (name: string, onLapse = (): void => undefined): Promise<NodeLiveness> => {
      const liveness = await open(name);
      opened.push(liveness);
      liveness.start({ onLapse, isWell: () => true });
      return liveness;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((liveness) => liveness.close()));
    });

    test('M9 a node that sends is never silent for long, and one that is unknown is known not to send', async () => {
      const one = await node('one');
      await node('other');
      await pass(DEAD_AFTER_MS + 500);
      const { watchedMs, silentMs } = await one.silences(['other', 'nobody']);
      expect(watchedMs).toBeGreaterThanOrEqual(DEAD_AFTER_MS);
      expect(silentMs('other')).toBeLessThan(UNHEARD_DEAD_AFTER_MS);
      expect(silentMs('nobody')).toBeNull();
    });

    test('M9 a node that stops is silent from then on', async () => {
      const one = await node('one');
      const other = await node('other');
      await pass(1_000);
      await other.close();
      await pass(DEAD_AFTER_MS);
      const silentMs = (await one.silences(['other'])).silentMs('other');
      expect(silentMs === null || silentMs >= DEAD_AFTER_MS - 300).toBe(true);
      await other.close();
    });

    test('M9 a node that does not send knows for how long others have sent, and nothing where none does', async () => {
      const silent = await open('silent');
      expect((await silent.silences(['nobody'])).watchedMs).toBeNull();
      await node('other');
      await pass(300);
      expect((await silent.silences(['other'])).watchedMs).toBeLessThan(DEAD_AFTER_MS);
      await pass(DEAD_AFTER_MS);
      expect((await silent.silences(['other', 'nobody'])).watchedMs).toBeGreaterThanOrEqual(DEAD_AFTER_MS);
      await silent.close();
    });
  });
}

/** Keeps this event loop busy: nothing else runs in this thread meanwhile. */
export function blockFor(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until;);
}

export const realTime = (ms: number): Promise<unknown> => sleep(ms);
