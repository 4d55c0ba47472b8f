import { describeWithRedis } from '../../support/redis';
import { Installation } from '../../support/nodes';
import { ScriptedClient } from '../../support/client';
import { eventually } from '../../support/eventually';
import { CLOSE } from '../../../src/protocol';

/** Waits until the client was sent to another node, and is back at the first node that let it in. */
async function movedOn(client: ScriptedClient): Promise<void> {
  await client.until(() => client.closes.length > 0 && client.events.includes('resumed'), 15_000);
  expect(client.closes).toEqual([CLOSE.moving]);
  expect(client.events).not.toContain('forgotten');
  expect(client.ids.size).toBe(1);
}

describeWithRedis('a node that is drained', () => {
  let nodes: Installation;
  const clients: ScriptedClient[] = [];
  const join = async (index: number): Promise<ScriptedClient> => {
    const urls = (): string[] => nodes.nodes.map(({ wsUrl }) => wsUrl);
    const one = await ScriptedClient.connect(nodes.node(index).wsUrl, urls);
    clients.push(one);
    return one;
  };
  const pair = async (first: number, second: number): Promise<[ScriptedClient, ScriptedClient, string]> => {
    const [one, other] = [await join(first), await join(second)];
    for (const who of [one, other]) who.search();
    for (const who of [one, other]) await who.until(() => who.callId !== undefined);
    expect(one.callId).toBe(other.callId);
    return [one, other, one.callId ?? ''];
  };
  const talk = async (
    from: ScriptedClient,
    to: ScriptedClient,
    callId: string,
    id: string,
  ): Promise<void> => {
    await from.request('chat_message', { callId, id, text: id });
    await to.until(() => to.received.has(id));
  };
  const request = (index: number, method: string): Promise<Response> =>
    fetch(`${nodes.node(index).url}/videochat/drain`, {
      method,
      headers: { authorization: `Bearer ${nodes.node(index).operatorToken}` },
    });

  beforeAll(async () => {
    nodes = await Installation.start(3);
  });
  afterAll(() => nodes.close());
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      expect(client.violations).toEqual([]);
      client.leave();
    }
    for (const index of nodes.nodes.keys()) await request(index, 'DELETE');
    await eventually(() => nodes.nodes.every(({ parts }) => [...parts.peers.all()].length === 0));
    await eventually(() => nodes.nodes.every(({ parts }) => parts.calls.size === 0));
  });

  test.each([
    [0, 1],
    [1, 0],
    [0, 0],
    [1, 2],
  ])('V9 a call of peers on nodes %i and %i goes on when node 0 is drained', async (first, second) => {
    const [one, other, callId] = await pair(first, second);
    const moving = [one, other].filter((_, index) => [first, second][index] === 0);
    expect((await request(0, 'POST')).status).toBe(200);
    await Promise.all(moving.map((who) => movedOn(who)));
    await talk(one, other, callId, 'there');
    await talk(other, one, callId, 'back');
    await eventually(async () => {
      const left: unknown = await (await request(0, 'POST')).json();
      return JSON.stringify(left) === JSON.stringify({ draining: true, peers: 0, lines: 0, calls: 0 });
    });
    await talk(one, other, callId, 'still there');
    await talk(other, one, callId, 'still back');
    // No client was notified.
    for (const { events } of [one, other]) {
      expect(events).not.toContain('partner_reconnecting');
      expect(events).not.toContain('partner_disconnected');
    }
    expect(nodes.nodes.slice(1).reduce((sum, { parts }) => sum + parts.calls.size, 0)).toBe(1);
    await one.request('leave_room', { callId });
    await other.until(() => other.ended.length > 0);
    expect(other.ended).toMatchObject([{ callId, reason: 'left' }]);
  });
});
