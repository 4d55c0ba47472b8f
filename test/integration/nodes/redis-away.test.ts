import { describeWithRedis } from '../../support/redis';
import { Processes } from '../../support/nodes';
import { RequestError, ProtocolClient } from '../../support/client';
import { eventually } from '../../support/eventually';

describeWithRedis('Redis goes away and comes back with nothing', () => {
  let nodes: Processes;
  const clients: ProtocolClient[] = [];
  const join = async (index: number, token?: string): Promise<ProtocolClient> => {
    const client = await ProtocolClient.connect(await nodes.node(index).serving, token);
    clients.push(client);
    return client;
  };
  beforeEach(async () => {
    nodes = await Processes.start(2);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      expect(client.violations).toEqual([]);
      client.close();
    }
    await nodes.close();
  });

  test('M7 S4 [M7.1] calls go on, searching peers are notified and search on with their waiting time, no peer is matched twice', async () => {
    const [one, other] = [await join(0), await join(1)];
    await one.search();
    await other.search();
    const { callId } = await one.next('partner_found');
    const [near, far] = [await join(0), await join(0)];
    await near.search();
    await far.search();
    const local = await near.next('partner_found');
    const seeker = await join(1);
    await seeker.search({ wantedGenders: ['female'] });
    await seeker.next('waiting_for_partner');
    await nodes.redis.kill();

    // A call on one node needs no other node.
    await near.request('chat_message', { callId: local.callId, id: 'a', text: 'still here' });
    await far.next('chat_message', ({ id }) => id === 'a');
    // One over two nodes keeps its media; its owner node accepts a message, or rejects it with a code.
    const accepted: [from: ProtocolClient, to: ProtocolClient, id: string][] = [];
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const id = `away-${from.id}`;
      const code = await from.request('chat_message', { callId, id, text: 'heard?' }).then(
        () => null,
        (error: unknown) => (error instanceof RequestError ? error.wire.code : 'closed'),
      );
      if (code === null) accepted.push([from, to, id]);
      else expect(code).toBe('node_unreachable');
    }
    expect(accepted).toHaveLength(1);
    // Neither node knows whether the partner is still there.
    for (const who of [one, other]) await who.next('partner_reconnecting', undefined, 5_000);
    await seeker.next('waiting_for_partner', ({ held }) => held, 10_000);
    const late = await join(1);
    await late.search();
    await late.next('waiting_for_partner', ({ held }) => held, 10_000);

    await nodes.redis.run();
    for (const who of [one, other]) await who.next('partner_state', ({ present }) => present, 15_000);
    const again = await seeker.next('waiting_for_partner', ({ held }) => !held, 15_000);
    expect(again.waitedMs).toBeGreaterThan(1_000);
    const match = await join(0);
    await match.search({ gender: 'female' });
    const found = await match.next('partner_found', undefined, 10_000);
    expect([seeker.id, late.id]).toContain(found.partner.id);
    for (const [, to, id] of accepted) await to.next('chat_message', (message) => message.id === id, 10_000);
    await eventually(async () => {
      const id = `after-${Math.random()}`;
      const said = await other.request('chat_message', { callId, id, text: 'back' }).then(
        () => true,
        () => false,
      );
      if (said) await one.next('chat_message', (message) => message.id === id);
      return said;
    });
    // Redis came back empty; the gateways and states of peers have been written again.
    await new Promise((resolve) => setTimeout(resolve, 500));
    nodes.node(0).child.kill('SIGKILL');
    await one.untilClosed();
    const back = await join(1, one.handshake.resumeToken);
    expect(back.handshake).toMatchObject({ userId: one.id, resumed: true });
    expect(await back.next('partner_found')).toMatchObject({ callId, again: true });
    expect(
      [one, other, near, far].flatMap(({ received }) => received.map(({ event }) => event)),
    ).not.toContain('partner_disconnected');
  }, 60_000);
});
