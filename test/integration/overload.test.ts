import { CLOSE, LIMITS } from '../../src/protocol';
import { eventually } from '../support/eventually';
import { startNode, type TestNode } from '../support/node';
import { ProtocolClient, failureCode } from '../support/client';

/** A node that takes five new people, and five new searches, a second. */
let node: TestNode;
beforeEach(async () => {
  node = await startNode({ MEDIA_WORKERS: '1', MOST_NEW_PER_SECOND: '5', LEAST_NEW_PER_SECOND: '5' });
});
afterEach(() => node.close());

const join = (resumeToken?: string): Promise<ProtocolClient> =>
  ProtocolClient.connect(node.wsUrl, resumeToken);

test('O5 of a crowd that comes at once some are let in, and the others are told when to come again', async () => {
  const crowd = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const client = await ProtocolClient.open(node.wsUrl);
      client.send('hello', { protocol: LIMITS.protocolVersion });
      return client;
    }),
  );
  const outcomes = await Promise.all(
    crowd.map((client) =>
      Promise.race([
        client.next('connected', undefined, 10_000).then(() => 'greeted' as const),
        client.next('error', undefined, 10_000).then(({ code, retryAfterMs }) => ({ code, retryAfterMs })),
      ]),
    ),
  );
  const greeted = outcomes.filter((outcome) => outcome === 'greeted').length;
  expect(greeted).toBeGreaterThanOrEqual(15);
  expect(greeted).toBeLessThanOrEqual(30);
  for (const outcome of outcomes) {
    if (outcome === 'greeted') continue;
    expect(outcome).toMatchObject({ code: 'server_busy' });
    expect(outcome.retryAfterMs).toBeGreaterThan(3_000);
  }
  const refused = crowd[outcomes.findIndex((outcome) => outcome !== 'greeted')];
  await eventually(() => refused?.closed !== undefined);
  expect(refused?.closed?.code).toBe(CLOSE.busy.code);
});

test('O5 in a crowd, whoever is here leaves, goes on, reports and comes back without waiting', async () => {
  const pair = [await join(), await join()] as const;
  await Promise.all(pair.map((client) => client.search()));
  const [found] = await Promise.all(pair.map((client) => client.next('partner_found')));
  const callId = found?.callId ?? '';
  const crowd = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const client = await ProtocolClient.open(node.wsUrl);
      client.send('hello', { protocol: LIMITS.protocolVersion });
      return client;
    }),
  );
  const [one, other] = pair;
  one.drop();
  const back = await join(one.handshake.resumeToken);
  expect(back.id).toBe(one.id);
  await back.request('report_user', { callId, type: 'spam' });
  await other.request('next_partner', { callId });
  await eventually(() => node.parts.peers.get(back.id)?.state.kind !== 'in_call');
  // Their next search begins at its turn.
  await eventually(() => node.parts.peers.get(other.id)?.state.kind === 'searching', 10_000);
  for (const client of crowd) client.close();
});

test('O5 searches above the pace wait for their turn in order, and later ones are refused with a time', async () => {
  const first = await join();
  const codes: string[] = [];
  // One of them searches and gives up again and again: each search takes a turn.
  for (let n = 0; n < 50; n++) {
    const code = await first.search().then(() => 'taken', failureCode);
    codes.push(code);
    if (code === 'taken') await first.request('cancel_search', {});
  }
  expect(codes.filter((code) => code === 'taken').length).toBeGreaterThanOrEqual(40);
  expect(codes.at(-1)).toBe('server_busy');
});
