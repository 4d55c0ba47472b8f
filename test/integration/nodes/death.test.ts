import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithRedis } from '../../support/redis';
import { Processes } from '../../support/nodes';
import { codeOf, ProtocolClient } from '../../support/client';

describeWithRedis('a node that is killed', () => {
  let nodes: Processes;
  const clients: ProtocolClient[] = [];
  const join = async (index: number, token?: string): Promise<ProtocolClient> => {
    const client = await ProtocolClient.connect(await nodes.node(index).serving, token);
    clients.push(client);
    return client;
  };
  /** Comes back by one node after the other until a handshake succeeds, as behind a load balancer. */
  const comeBack = async (of: ProtocolClient, index: number): Promise<ProtocolClient> => {
    const back = await join(index, of.handshake.resumeToken);
    expect(back.handshake).toMatchObject({ userId: of.id, resumed: true });
    return back;
  };
  const talk = async (from: ProtocolClient, to: ProtocolClient, callId: string): Promise<void> => {
    const id = `${from.id}-${Math.random()}`;
    await from.request('chat_message', { callId, id, text: 'hello' });
    await to.next('chat_message', (message) => message.id === id);
    await to.request('message_delivered', { callId, id });
    await from.next('message_status', (status) => status.id === id);
  };
  beforeAll(async () => {
    nodes = await Processes.start(3);
  });
  afterAll(() => nodes.close());
  afterEach(async () => {
    const all = clients.splice(0);
    for (const client of all) client.close();
    // The next test finds three nodes again, and no peer of this one.
    await nodes.replaceEnded();
    for (const { violations } of all) expect(violations).toEqual([]);
  });

  test.each([0, 1])(
    'S4 V8 of two peers on two nodes, node %i dies: the same call goes on within 5 s, with a record of one call',
    async (dies) => {
      const [one, other] = [await join(0), await join(1)];
      await one.search();
      await other.search();
      const { callId } = await one.next('partner_found');
      await talk(one, other, callId);
      const [victim, survivor] = dies === 0 ? [one, other] : [other, one];
      // A message that was accepted and has not arrived must not be lost with the node.
      await survivor.request('chat_message', { callId, id: 'late', text: 'said just before' });
      await victim.next('chat_message', ({ id }) => id === 'late');
      const killedAt = Date.now();
      nodes.node(dies).child.kill('SIGKILL');
      await victim.untilClosed();
      const back = await comeBack(victim, 2);
      expect(await back.next('partner_found')).toMatchObject({ callId, again: true });
      expect(await back.next('chat_message', ({ id }) => id === 'late')).toBeDefined();
      await talk(back, survivor, callId);
      await talk(survivor, back, callId);
      expect(Date.now() - killedAt).toBeLessThan(5_000);
      expect(survivor.received.filter(({ event }) => event === 'partner_disconnected')).toEqual([]);
    },
  );

  test.each([0, 1])(
    'R1 M2 [M2.2] a block at the moment in which node %i of a call dies ends the call, whoever owned it',
    async (dies) => {
      const [one, other] = [await join(0), await join(1)];
      await one.search();
      await other.search();
      const { callId } = await one.next('partner_found');
      await talk(one, other, callId);
      const [victim, survivor] = dies === 0 ? [one, other] : [other, one];
      nodes.node(dies).child.kill('SIGKILL');
      await survivor.request('block_user', { callId });
      expect(
        await codeOf(survivor.request('chat_message', { callId, id: 'after', text: 'still here?' })),
      ).toBe('no_call');
      await victim.untilClosed();
      const back = await comeBack(victim, 2);
      // The call ends for the blocked peer too, at once or when they come back.
      await sleep(2_000);
      expect(await codeOf(back.request('typing', { callId, typing: true }))).not.toBeUndefined();
    },
  );

  test.each([
    ['each on another node', 2],
    ['both on the same one', 1],
  ])('S4 two peers of one node that dies find each other again, %s', async (_, third) => {
    const [one, other] = [await join(0), await join(0)];
    await one.search();
    await other.search();
    const { callId } = await one.next('partner_found');
    await talk(one, other, callId);
    const killedAt = Date.now();
    nodes.node(0).child.kill('SIGKILL');
    await Promise.all([one.untilClosed(), other.untilClosed()]);
    const [back, again] = await Promise.all([comeBack(one, 1), comeBack(other, third)]);
    await back.next('partner_found', (found) => found.callId === callId && found.again);
    await again.next('partner_found', (found) => found.callId === callId && found.again);
    await talk(back, again, callId);
    expect(Date.now() - killedAt).toBeLessThan(5_000);
  });

  test('M6 a peer that searched on a node that dies searches on, and is matched with peers elsewhere', async () => {
    const one = await join(0);
    await one.search();
    nodes.node(0).child.kill('SIGKILL');
    await one.untilClosed();
    const killedAt = Date.now();
    const back = await comeBack(one, 1);
    await back.next('waiting_for_partner');
    const other = await join(2);
    await other.search();
    expect((await other.next('partner_found')).partner.id).toBe(one.id);
    expect(Date.now() - killedAt).toBeLessThan(5_000);
  });

  test('S4 a peer that does not come back is given up after the grace period, and the partner is notified', async () => {
    const [one, other] = [await join(0), await join(1)];
    await one.search();
    await other.search();
    const { callId } = await one.next('partner_found');
    await talk(one, other, callId);
    nodes.node(0).child.kill('SIGKILL');
    expect(await other.next('partner_reconnecting', undefined, 5_000)).toBeDefined();
    // The place is held for up to twice as long on a node that is late.
    expect(await other.next('partner_disconnected', undefined, 40_000)).toMatchObject({ reason: 'lost' });
    await other.search();
    const third = await join(2);
    await third.search();
    await third.next('partner_found', ({ partner }) => partner.id === other.id);
  }, 90_000);
});
