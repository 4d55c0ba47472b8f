import { describeWithRedis, RedisServer } from '../../support/redis';
import { startNode, type TestNode } from '../../support/node';
import { ProtocolClient } from '../../support/client';
import { eventually } from '../../support/eventually';
import { cameraRtp, microphoneRtp, receiver } from '../../support/rtp';

describeWithRedis('nodes with roles', () => {
  let redis: RedisServer;
  const nodes: TestNode[] = [];
  const start = async (environment: Record<string, string>): Promise<TestNode> => {
    const node = await startNode({
      REDIS_URL: redis.url,
      SECRET: 'a secret that all nodes of a test share',
      MEDIA_WORKERS: '1',
      ...environment,
    });
    nodes.push(node);
    return node;
  };
  const openLine = async (client: ProtocolClient): Promise<string> => {
    const { lineId } = await client.request('line_open', { rtpCapabilities: receiver });
    await client.request('line_produce', {
      lineId,
      source: 'camera',
      kind: 'video',
      rtpParameters: cameraRtp(),
    });
    await client.request('line_produce', {
      lineId,
      source: 'microphone',
      kind: 'audio',
      rtpParameters: microphoneRtp(),
    });
    await client.request('line_ready', { lineId });
    return lineId;
  };
  beforeEach(async () => {
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.close()));
    await redis.stop();
  });

  test('V8 peers on a signaling node have their lines on media nodes, spread by load, and meet there', async () => {
    const signaling = await start({ ROLE: 'signaling' });
    const media = [await start({ ROLE: 'media' }), await start({ ROLE: 'media' })];
    await eventually(() => signaling.parts.membership.all().length === 3);
    const clients = await Promise.all([1, 2, 3, 4].map(() => ProtocolClient.connect(signaling.wsUrl)));
    for (const client of clients) await openLine(client);
    expect(media.map(({ parts }) => parts.media.stats().lines)).toEqual([2, 2]);
    await Promise.all(clients.map((client) => client.search({ mode: 'video' })));
    for (const client of clients) {
      const { callId, media: offered } = await client.next('partner_found');
      expect(offered?.consumers).toHaveLength(2);
      await client.request('call_media_ready', {
        callId,
        generation: offered?.generation ?? 0,
        veiled: true,
      });
    }
    await eventually(() =>
      [...signaling.parts.calls.all()].every(({ media: { state } }) => state === 'flowing'),
    );
    await expect(ProtocolClient.connect(media[0]?.wsUrl ?? '')).rejects.toThrow('503');
    for (const client of clients) client.close();
    await eventually(() => media.every(({ parts }) => parts.media.stats().lines === 0));
    expect(media.map(({ parts }) => parts.media.stats().bridges)).toEqual([0, 0]);
  }, 30_000);

  test('M9 thin regions are merged, so that the only two who search meet although their nodes are far apart', async () => {
    const [here, there] = [await start({ REGION: 'eu' }), await start({ REGION: 'us' })];
    await eventually(() => [here, there].every(({ parts }) => parts.membership.all().length === 2));
    await eventually(() => [here, there].every(({ parts }) => parts.regions.regionFor('text') === '~'));
    const [one, other] = [
      await ProtocolClient.connect(here.wsUrl),
      await ProtocolClient.connect(there.wsUrl),
    ];
    await one.search();
    await other.search();
    expect((await one.next('partner_found')).partner.id).toBe(other.id);
    one.close();
    other.close();
  });
});
