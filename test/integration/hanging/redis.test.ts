import { ProtocolClient } from '../../support/client';
import { eventually } from '../../support/eventually';
import { LogLines, healthOf, shows, soon } from '../../support/hanging';
import { startNode, type TestNode } from '../../support/node';
import { Installation } from '../../support/nodes';
import { RedisServer, describeWithRedis } from '../../support/redis';

describeWithRedis('a Redis that hangs', () => {
  const logged = new LogLines();
  let redis: RedisServer;
  let node: TestNode;
  const clients: ProtocolClient[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start();
    node = await startNode(
      { REDIS_URL: redis.url, SECRET: 'a secret that all nodes of a test share', MEDIA_WORKERS: '1' },
      undefined,
      logged.log,
    );
    await eventually(async () => (await healthOf(node)).status === 'ok');
  }, 60_000);
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    redis.signal('SIGCONT');
    await shows(node, 'shared', false, 20_000);
  }, 30_000);
  afterAll(async () => {
    await node.close();
    await redis.stop();
  });

  async function visit(cookie?: string, token?: string): Promise<ProtocolClient> {
    const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
    const client = await ProtocolClient.connect(node.wsUrl, token, headers);
    clients.push(client);
    return client;
  }

  test('O5 A1 guests are let in at once, those with a session of before as themselves', async () => {
    const anna = await visit();
    const { cookie, id } = anna;
    anna.close();
    await anna.untilClosed();
    redis.signal('SIGSTOP');
    await soon(visit());
    expect((await soon(visit(cookie))).id).toBe(id);
    // A token that this node does not know is looked for at other gateways.
    await soon(visit(undefined, `unknown.${id}x`));
  }, 30_000);

  test('O5 M8 reports, blocks, leaving, searching and cancelling are answered at once', async () => {
    const [anna, ben, cleo] = [await visit(), await visit(), await visit()];
    await anna.search();
    await ben.search();
    const { callId } = await anna.next('partner_found');
    redis.signal('SIGSTOP');
    const report = anna.request('report_user', { callId, type: 'spam' });
    const block = anna.request('block_user', { callId });
    await soon(Promise.all([report, block]));
    await soon(anna.search());
    await soon(anna.request('cancel_search', {}));
    await soon(cleo.search());
    await soon(cleo.request('ping', {}));
    const held = await cleo.next('waiting_for_partner', (waiting) => waiting.held, 20_000);
    expect(held.mode).toBe('text');
    redis.signal('SIGCONT');
    // The search goes on by itself.
    const dora = await visit();
    await dora.search();
    const found = await dora.next('partner_found', undefined, 20_000);
    expect(found.partner.id).toBe(cleo.id);
  }, 60_000);

  test('O5 M8 the next partner is searched for at once', async () => {
    const [anna, ben] = [await visit(), await visit()];
    await anna.search();
    await ben.search();
    const { callId } = await anna.next('partner_found');
    redis.signal('SIGSTOP');
    await soon(anna.request('next_partner', { callId }));
    await soon(ben.next('partner_disconnected'));
  }, 30_000);

  test('O1 health names Redis within seconds; one line says so, and one that it is over', async () => {
    const before = { hangs: logged.count(/Redis hangs/), back: logged.count(/Redis answers again/) };
    redis.signal('SIGSTOP');
    expect((await shows(node, 'shared', true)).status).toBe('degraded');
    // Longer than it takes until the connection is made anew.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    expect((await healthOf(node)).degradedBy).toContain('shared');
    redis.signal('SIGCONT');
    await shows(node, 'shared', false, 20_000);
    expect(logged.count(/Redis hangs/)).toBe(before.hangs + 1);
    expect(logged.count(/Redis answers again/)).toBe(before.back + 1);
  }, 60_000);
});

describeWithRedis('a Redis that hangs below two nodes', () => {
  let nodes: Installation;
  beforeAll(async () => {
    nodes = await Installation.start(2);
  }, 60_000);
  afterAll(async () => {
    nodes.redis.signal('SIGCONT');
    await nodes.close();
  }, 60_000);

  test('O5 a block in a call over both is answered at once on either, and holds', async () => {
    const [anna, ben] = await Promise.all(
      [0, 1].map((index) => ProtocolClient.connect(nodes.node(index).wsUrl)),
    );
    if (anna === undefined || ben === undefined) throw new Error('two came');
    await anna.search();
    await ben.search();
    const { callId } = await anna.next('partner_found', undefined, 20_000);
    await ben.next('partner_found', undefined, 20_000);
    nodes.redis.signal('SIGSTOP');
    await soon(Promise.all([anna.request('block_user', { callId }), ben.request('block_user', { callId })]));
    expect(nodes.node(0).parts.peers.get(anna.id)?.hasBlocked(ben.id)).toBe(true);
    expect(nodes.node(1).parts.peers.get(ben.id)?.hasBlocked(anna.id)).toBe(true);
    anna.close();
    ben.close();
  }, 60_000);
});
