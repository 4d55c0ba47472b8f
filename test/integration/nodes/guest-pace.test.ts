import { comeFrom, FROM_ANYWHERE, letIn, pauseOfSearch } from '../../support/callers';
import { Installation } from '../../support/nodes';
import { describeWithRedis } from '../../support/redis';

const FLOOD = '203.0.113.7';

describeWithRedis('guests of one address at two nodes', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.start(2, FROM_ANYWHERE);
  });
  afterAll(() => installation.close());

  test('M8 S5 [S5.1] have on all nodes together what they would have on one, and a tenth of it on each', async () => {
    const began = performance.now();
    let [searches, greeted] = [0, 0];
    for (let n = 0; n < 200; n++) {
      const guest = await comeFrom(installation.node(n % 2), FLOOD);
      if (guest === undefined) continue;
      greeted += 1;
      if ((await pauseOfSearch(guest)) === 0) searches += 1;
      guest.close();
    }
    const seconds = (performance.now() - began) / 1000;
    expect(greeted).toBeLessThanOrEqual(80 + 2 * 8 + 2 + 1.2 * seconds);
    expect(searches).toBeLessThanOrEqual(70 + 2 * 7 + 2 + 2.4 * seconds);
    expect(await pauseOfSearch(await letIn(installation.node(0), '198.51.100.9'))).toBe(0);
  }, 120_000);
});
