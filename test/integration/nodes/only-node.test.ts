import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithRedis } from '../../support/redis';
import { Processes } from '../../support/nodes';
import { ProtocolClient } from '../../support/client';

describeWithRedis('the only node of an installation', () => {
  let nodes: Processes;
  const clients: ProtocolClient[] = [];
  beforeEach(async () => {
    nodes = await Processes.start(1, { LOG_LEVEL: 'error' });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      expect(client.violations).toEqual([]);
      client.close();
    }
    await nodes.close();
  });

  async function meet(): Promise<[ProtocolClient, ProtocolClient, string]> {
    const url = await nodes.node(0).serving;
    const [one, other] = [await ProtocolClient.connect(url), await ProtocolClient.connect(url)];
    clients.push(one, other);
    await one.search();
    await other.search();
    const { callId } = await one.next('partner_found');
    await other.next('partner_found');
    await sleep(500);
    return [one, other, callId];
  }

  async function backAfter(
    signal: 'SIGTERM' | 'SIGKILL',
    gone: readonly ProtocolClient[],
  ): Promise<ProtocolClient[]> {
    const { child, ended } = nodes.node(0);
    child.kill(signal);
    await ended;
    const url = await (await nodes.add()).serving;
    const back = await Promise.all(
      gone.map(({ handshake }) => ProtocolClient.connect(url, handshake.resumeToken)),
    );
    clients.push(...back);
    return back;
  }

  test('O5 is stopped and started: the call is over for both peers, and they search again', async () => {
    const [one, other] = await meet();
    const back = await backAfter('SIGTERM', [one, other]);
    for (const client of back) {
      expect(client.handshake.session).toEqual({ state: 'idle', callId: null });
      await client.search();
    }
    for (const client of back) await client.request('cancel_search', {}).catch(() => undefined);
  }, 60_000);

  test('S4 dies and is started: the call goes on, though no running node knows its owner node', async () => {
    const [one, other, callId] = await meet();
    const back = await backAfter('SIGKILL', [one, other]);
    for (const client of back) {
      expect(client.handshake).toMatchObject({ resumed: true, session: { callId } });
      await client.next('partner_found', (found) => found.callId === callId && found.again, 5_000);
    }
    const [first, second] = back;
    if (first === undefined || second === undefined) throw new Error('two came back');
    await first.request('chat_message', { callId, id: 'here', text: 'here again' });
    await second.next('chat_message', ({ id }) => id === 'here');
    await second.request('leave_room', { callId });
    await first.next('partner_disconnected');
  }, 60_000);
});
