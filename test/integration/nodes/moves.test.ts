import { participantBack } from '../../../src/app/calls/messages';
import { remotePeerState } from '../../../src/app/calls/remote-peer';
import { LIMITS } from '../../../src/protocol';
import { describeWithRedis } from '../../support/redis';
import { Installation } from '../../support/nodes';
import { ProtocolClient } from '../../support/client';
import { eventually } from '../../support/eventually';

describeWithRedis('peers that move between nodes', () => {
  let nodes: Installation;
  const clients: ProtocolClient[] = [];
  const join = async (index: number, token?: string): Promise<ProtocolClient> => {
    const client = await ProtocolClient.connect(nodes.node(index).wsUrl, token);
    clients.push(client);
    return client;
  };
  const pair = async (): Promise<[ProtocolClient, ProtocolClient, string]> => {
    const [one, other] = [await join(0), await join(1)];
    await one.search();
    await other.search();
    const { callId } = await one.next('partner_found');
    await other.next('partner_found');
    return [one, other, callId];
  };
  const gatewaysOf = (id: string): number =>
    nodes.nodes.filter(({ parts }) => parts.peers.get(id) !== undefined).length;
  beforeAll(async () => {
    nodes = await Installation.start(3);
  });
  afterAll(() => nodes.close());
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      expect(client.violations).toEqual([]);
      client.close();
    }
    await eventually(() => nodes.nodes.every(({ parts }) => parts.calls.size === 0));
  });

  test.each([0, 1, 2])(
    'S4 a peer whose connection drops before the new node has answered comes back by node %i into the call',
    async (third) => {
      const [one, other, callId] = await pair();
      one.drop();
      const unheard = await ProtocolClient.open(nodes.node(2).wsUrl);
      unheard.send('hello', {
        protocol: LIMITS.protocolVersion,
        resumeToken: one.handshake.resumeToken,
      });
      await eventually(() => nodes.node(2).parts.peers.get(one.id) !== undefined);
      unheard.drop();
      const back = await join(third, one.handshake.resumeToken);
      expect(back.handshake).toMatchObject({ userId: one.id, resumed: true });
      await back.next('partner_found', (found) => found.callId === callId && found.again);
      await back.request('chat_message', { callId, id: 'a', text: 'back' });
      await other.next('chat_message', ({ id }) => id === 'a');
    },
  );

  test('S4 [S4.1] two sockets that show one token on two nodes: one has the peer, and its call', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, other, callId] = await pair();
      one.drop();
      const [first, second] = await Promise.all(
        [1, 2].map((index) => join(index, one.handshake.resumeToken)),
      );
      if (first === undefined || second === undefined) throw new Error('two clients have connected');
      await eventually(() => [first, second].some(({ closed }) => closed !== undefined));
      const [left] = [first, second].filter(({ closed }) => closed === undefined);
      expect(left?.handshake).toMatchObject({ userId: one.id, resumed: true });
      expect(gatewaysOf(one.id)).toBe(1);
      await left?.request('chat_message', { callId, id: `${round}`, text: 'one of us' });
      await other.next('chat_message', ({ id }) => id === `${round}`);
      await other.request('leave_room', { callId });
    }
  });

  test('S4 [S4.2] a paused node that reports a peer whose gateway is another node by now is rejected', async () => {
    const [one, other, callId] = await pair();
    one.drop();
    await eventually(() => nodes.node(0).parts.peers.get(one.id)?.isHere === false);
    const before = nodes.node(0).parts.peers.get(one.id);
    if (before?.state.kind !== 'in_call') throw new Error('the peer is in a call');
    const remotePeer = remotePeerState(before, { wishes: before.state.wishes, waitedMs: 0 }, null);
    const back = await join(1, one.handshake.resumeToken);
    await back.next('partner_found', (found) => found.callId === callId && found.again);
    const owner = nodes.nodes.find(({ parts }) => parts.calls.get(callId) !== undefined);
    const reported = nodes
      .node(0)
      .parts.messenger.request(owner?.parts.messenger.self ?? '', participantBack, {
        callId,
        peerId: one.id,
        isHere: true,
        remotePeer,
      });
    await expect(reported).rejects.toMatchObject({ code: 'stale_call' });
    await back.request('leave_room', { callId });
    await other.next('partner_disconnected');
    await back.search();
    await back.request('cancel_search', {});
  });
});

describeWithRedis('peers that skip too fast over two nodes', () => {
  test('M8 a pause goes along to another node', async () => {
    const nodes = await Installation.start(2, { SKIP_BURST: '1', SKIPS_PER_MINUTE: '6' });
    const clients: ProtocolClient[] = [];
    const join = async (index: number, token?: string): Promise<ProtocolClient> => {
      const client = await ProtocolClient.connect(nodes.node(index).wsUrl, token);
      clients.push(client);
      return client;
    };
    try {
      const [one, first, second] = [await join(0), await join(0), await join(0)];
      await one.search();
      await first.search();
      const { callId } = await one.next('partner_found');
      expect(await one.request('next_partner', { callId })).toEqual({ pauseMs: 0 });
      await second.search();
      const again = await one.next('partner_found', (found) => found.callId !== callId);
      const { pauseMs } = await one.request('next_partner', { callId: again.callId });
      expect(pauseMs).toBeGreaterThan(5_000);
      one.drop();
      const back = await join(1, one.handshake.resumeToken);
      expect(back.handshake.session.state).not.toBe('idle');
      const waits = await back.next('waiting_for_partner');
      expect(waits.pauseMs).toBeGreaterThan(4_000);
      expect(waits.pauseMs).toBeLessThanOrEqual(pauseMs);
    } finally {
      for (const client of clients) client.close();
      await nodes.close();
    }
  });
});
