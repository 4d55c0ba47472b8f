import { ProtocolClient, RequestError } from '../support/client';
import { eventually } from '../support/eventually';
import { startNode, type TestNode } from '../support/node';
import { Installation } from '../support/nodes';
import { describeWithRedis } from '../support/redis';
import { ShiftingClock } from '../support/shifting-clock';

const HOUR = 3_600_000;
const JUMPS = [
  ['back', -HOUR],
  ['on', HOUR],
] as const;

async function pair(one: TestNode, other = one): Promise<[ProtocolClient, ProtocolClient, string]> {
  const [ann, bob] = [await ProtocolClient.connect(one.wsUrl), await ProtocolClient.connect(other.wsUrl)];
  await ann.search();
  await bob.search();
  const { callId } = await ann.next('partner_found');
  await bob.next('partner_found');
  return [ann, bob, callId];
}

/** `ok`, or the code of the error. */
const say = (ann: ProtocolClient, callId: string, id: string): Promise<string> =>
  ann.request('chat_message', { callId, id, text: 'hello' }).then(
    () => 'ok',
    (error: unknown) => (error instanceof RequestError ? error.wire.code : 'other'),
  );

describe.each(JUMPS)('the clock of a node is set %s by an hour', (_, jump) => {
  const clock = new ShiftingClock();
  let node: TestNode;
  beforeAll(async () => {
    node = await startNode({ MEDIA_WORKERS: '1', SKIP_BURST: '1', SKIPS_PER_MINUTE: '60' }, clock);
  });
  afterAll(() => node.close());

  test('S8 [V8.4] the chat goes on after a moment, and the record of the call has how long it lasted', async () => {
    const [ann, bob, callId] = await pair(node);
    // As many at once as it takes, however slow this machine is.
    const said = await Promise.all(Array.from({ length: 60 }, (_each, n) => say(ann, callId, `${n}`)));
    expect(said).toContain('rate_limited');
    clock.jump(jump);
    await eventually(async () => (await say(ann, callId, 'after')) === 'ok');
    await bob.next('chat_message', ({ id }) => id === 'after');
    await bob.request('leave_room', { callId });
    await eventually(() => node.parts.records.outbox.drained(1_000));
    await eventually(async () => {
      const record = await node.parts.records.collections.calls.get(callId);
      return record?.status === 'ended';
    });
    const record = await node.parts.records.collections.calls.get(callId);
    expect(record?.duration).toBeGreaterThanOrEqual(0);
    expect(record?.duration).toBeLessThan(60);
    for (const client of [ann, bob]) {
      expect(client.violations).toEqual([]);
      client.close();
    }
  });

  test('M8 a pause after skipping ends by itself', async () => {
    const ann = await ProtocolClient.connect(node.wsUrl);
    const partners: ProtocolClient[] = [];
    await ann.search();
    for (let n = 0; n < 3; n += 1) {
      const partner = await ProtocolClient.connect(node.wsUrl);
      partners.push(partner);
      await partner.search();
      const { callId } = await ann.next('partner_found');
      await ann.request('next_partner', { callId });
      clock.jump(n === 1 ? -jump : jump);
    }
    await eventually(() => node.parts.peers.get(ann.id)?.state.kind === 'searching');
    for (const client of [ann, ...partners]) client.close();
  });

  test('O1 the node is well, and says how long it has been running', async () => {
    const health = await (await fetch(`${node.url}/videochat/health`)).json();
    expect(health).toMatchObject({ status: 'ok' });
    expect(health.uptime).toBeLessThan(3_000);
    expect(health.uptime).toBeGreaterThanOrEqual(0);
  });
});

describeWithRedis('nodes whose clocks differ by hours', () => {
  const clock = new ShiftingClock();
  let nodes: Installation;
  beforeAll(async () => {
    nodes = await Installation.start(2, {}, [clock]);
  });
  afterAll(() => nodes.close());

  test.each(JUMPS)(
    'M4 [V8.4] after one was set %s, peers of the two still meet, talk, and come back',
    async (_, jump) => {
      clock.jump(jump);
      const [ann, bob, callId] = await pair(nodes.node(0), nodes.node(1));
      await ann.request('chat_message', { callId, id: 'one', text: 'hello' });
      await bob.next('chat_message', ({ id }) => id === 'one');
      clock.jump(-2 * jump);
      bob.drop();
      const back = await ProtocolClient.connect(nodes.node(0).wsUrl, bob.handshake.resumeToken);
      await back.next('partner_found', (found) => found.callId === callId && found.again);
      await ann.request('chat_message', { callId, id: 'two', text: 'welcome back' });
      await back.next('chat_message', ({ id }) => id === 'two');
      expect(nodes.nodes.map(({ parts }) => parts.membership.all().length)).toEqual([2, 2]);
      await back.request('leave_room', { callId });
      clock.jump(jump);
      for (const client of [ann, back]) {
        expect(client.violations).toEqual([]);
        client.close();
      }
    },
  );

  test('M4 a peer who waits on one node waits no longer or shorter for the other one', async () => {
    clock.jump(-HOUR);
    const ann = await ProtocolClient.connect(nodes.node(0).wsUrl);
    await ann.search();
    const seen: number[] = [];
    for (const { parts } of nodes.nodes) {
      const [shard] = await parts.tickets.shards();
      if (shard === undefined) throw new Error('somebody waits');
      const unfollow = await parts.tickets.follow(shard, (event) => {
        if (event.kind === 'added') seen.push(parts.clock.elapsed() - event.ticket.since);
      });
      unfollow();
    }
    expect(seen).toHaveLength(2);
    for (const waitedMs of seen) expect(Math.abs(waitedMs)).toBeLessThan(30_000);
    ann.close();
  });
});
