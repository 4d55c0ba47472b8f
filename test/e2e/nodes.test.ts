/** @alone Two nodes, a load balancer and two browsers fill two cores, and how soon a picture is back is measured. */
import path from 'node:path';
import { LoadBalancer } from '../support/load-balancer';
import { Browsers, type Colour, type Visitor } from '../support/browser';
import { Processes } from '../support/nodes';
import { colourSeen, meet } from '../support/party';
import { describeWithRedis } from '../support/redis';

const portOf = (url: string): number => Number(new URL(url).port);
const shots = path.resolve(__dirname, '../../build/test');

describeWithRedis('two nodes and two browsers', () => {
  let nodes: Processes;
  let balancer: LoadBalancer;
  let ports: number[];
  const browsers = new Browsers();
  const visitors: Visitor[] = [];
  const arrive = async (camera: Colour): Promise<Visitor> => {
    const visitor = await browsers.visit(balancer.url, { camera });
    visitors.push(visitor);
    await visitor.page.getByTestId('agree').check();
    return visitor;
  };
  beforeEach(async () => {
    nodes = await Processes.start(2);
    ports = await Promise.all(nodes.nodes.map(async ({ serving }) => portOf(await serving)));
    balancer = await LoadBalancer.over(() => ports.map((port) => `http://127.0.0.1:${port}`));
  });
  afterEach(async () => {
    for (const visitor of visitors.splice(0)) await visitor.close();
    await browsers.close();
    await balancer.close();
    await nodes.close();
  });

  /** How many lines each node has, as its metrics say. */
  const lines = async (of: readonly number[] = ports): Promise<number[]> =>
    Promise.all(
      of.map(async (port) => {
        const response = await fetch(`http://127.0.0.1:${port}/metrics`, {
          headers: { authorization: 'Bearer operator-token-for-tests' },
        });
        return Number(/^passerby_lines (\d+)$/m.exec(await response.text())?.[1] ?? NaN);
      }),
    );

  test('V8 S4 lines on two nodes carry a call; when one node is killed both are together again within seconds', async () => {
    const [ann, bob] = [await arrive('red'), await arrive('blue')];
    await meet(ann, bob);
    expect((await colourSeen(ann)).colour).toBe('blue');
    expect((await colourSeen(bob)).colour).toBe('red');
    expect(await lines()).toEqual([1, 1]);

    const killedAt = Date.now();
    nodes.node(0).child.kill('SIGKILL');
    await ann.page.screenshot({ path: path.join(shots, 'node-killed-ann.png') });
    await bob.page.screenshot({ path: path.join(shots, 'node-killed-bob.png') });
    const seesAgain = async (who: Visitor, colour: Colour): Promise<number> => {
      for (;;) {
        const seen = await colourSeen(who);
        const phase = await who.page.locator('[data-phase]').first().getAttribute('data-phase');
        const isWhole =
          (await who.page.getByText(/reconnecting|Holding their place|Your place is kept/i).count()) === 0;
        if (phase === 'call' && isWhole && seen.colour === colour && seen.change > 1)
          return Date.now() - killedAt;
        if (Date.now() - killedAt > 20_000) {
          await ann.page.screenshot({ path: path.join(shots, 'late-ann.png') });
          await bob.page.screenshot({ path: path.join(shots, 'late-bob.png') });
          console.info(nodes.node(1).output(), ann.complaints, bob.complaints);
          throw new Error(`they do not see each other again: ${phase}, ${JSON.stringify(seen)}`);
        }
        await who.page.waitForTimeout(100);
      }
    };
    // Nobody's line is where it was: what is seen from here on goes through the node that is left.
    while ((await lines(ports.slice(1)))[0] !== 2) await bob.page.waitForTimeout(50);
    const took = await Promise.all([seesAgain(ann, 'blue'), seesAgain(bob, 'red')]);
    console.info(`together again ${Math.max(...took)} ms after the kill`);
    await ann.page.getByTestId('chat-input').fill('Still here');
    await ann.page.getByTestId('chat-send').click();
    await bob.page.getByTestId('chat-log').getByText('Still here').waitFor();
    for (const { page } of [ann, bob])
      expect(await page.locator('[data-phase=call]').count()).toBeGreaterThan(0);
  }, 120_000);
});
