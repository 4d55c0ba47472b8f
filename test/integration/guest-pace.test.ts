import { codeOf, failureCode, retryAfterMs, type ProtocolClient } from '../support/client';
import { comeFrom, FROM_ANYWHERE, letIn, meetStranger, pauseOfSearch, strangers } from '../support/callers';
import { eventually } from '../support/eventually';
import { startNode, type TestNode } from '../support/node';

let node: TestNode;
beforeEach(async () => {
  node = await startNode(FROM_ANYWHERE);
});
afterEach(() => node.close());

const FLOOD = '203.0.113.7';

test('M8 S5 [S5.1] guests without cookies from one address skip no more than ten guests may', async () => {
  const began = performance.now();
  let searches = 0;
  let refused = 0;
  for (let n = 0; n < 160; n++) {
    const guest = await comeFrom(node, FLOOD);
    if (guest === undefined) {
      refused += 1;
      continue;
    }
    if ((await pauseOfSearch(guest)) === 0) searches += 1;
    guest.close();
  }
  const seconds = (performance.now() - began) / 1000;
  // Six skips and a first search for each of ten, and two a second.
  expect(searches).toBeGreaterThanOrEqual(70);
  expect(searches).toBeLessThanOrEqual(72 + 2 * seconds);
  expect(searches + refused).toBeLessThanOrEqual(160);
}, 120_000);

test('S5 O5 of a flood of new guests from one address the later ones are told when to come again', async () => {
  const began = performance.now();
  const guests: (ProtocolClient | undefined)[] = [];
  for (let n = 0; n < 160; n++) guests.push(await comeFrom(node, FLOOD));
  const seconds = (performance.now() - began) / 1000;
  expect(guests.filter((guest) => guest !== undefined).length).toBeLessThanOrEqual(81 + seconds);
  // Others do not notice, and neither does whoever resumes.
  await letIn(node, '198.51.100.9');
  const [one] = guests;
  one?.drop();
  const back = await comeFrom(node, FLOOD, one?.handshake.resumeToken);
  expect(back?.id).toBe(one?.id);
}, 120_000);

test('R1 S5 [S5.1] reports of guests without cookies from one address are bounded, and blocks are not', async () => {
  const began = performance.now();
  const outcomes: string[] = [];
  const from = strangers();
  for (let n = 0; n < 45; n++) {
    const reporter = await letIn(node, FLOOD);
    const { callId, stranger } = await meetStranger(node, reporter, { from, search: pauseOfSearch });
    const report = reporter.request('report_user', { callId, type: 'spam', words: 'x' });
    const outcome = await report.then(
      () => 'kept',
      (error: unknown) => {
        expect(retryAfterMs(error)).toBeGreaterThan(0);
        return failureCode(error);
      },
    );
    outcomes.push(outcome);
    await reporter.request('block_user', { callId });
    for (const client of [reporter, stranger]) client.close();
  }
  const minutes = (performance.now() - began) / 60_000;
  expect(new Set(outcomes)).toEqual(new Set(['kept', 'rate_limited']));
  // Three for each of ten, and one a minute.
  expect(outcomes.filter((outcome) => outcome === 'kept').length).toBeLessThanOrEqual(31 + minutes);
}, 120_000);

test('R1 [R1.1] a report that was kept is known again, however many came from the address since', async () => {
  const from = strangers();
  const reporter = await letIn(node, FLOOD);
  const { callId } = await meetStranger(node, reporter, { from, search: pauseOfSearch });
  const first = await reporter.request('report_user', { callId, type: 'spam' });
  const place = { identity: { userId: '', isAnonymous: true }, ...placeOf(node, reporter) };
  for (let n = 0; n < 40; n++) await node.parts.pace.report(place).catch(failedAsDomain);
  expect(await reporter.request('report_user', { callId, type: 'spam' })).toEqual(first);
});

test('S8 S5 [S5.1] messages of one address are bounded over all of its calls', async () => {
  const from = strangers();
  const talking: { guest: ProtocolClient; callId: string }[] = [];
  for (let n = 0; n < 30; n++) {
    const guest = await letIn(node, FLOOD);
    const { callId } = await meetStranger(node, guest, { from, search: pauseOfSearch });
    talking.push({ guest, callId });
  }
  const began = performance.now();
  // Each of them stays below the limit of one participant.
  const messages = talking.flatMap(({ guest, callId }) =>
    Array.from({ length: 15 }, (_, id) =>
      guest.request('chat_message', { callId, id: `${id}`, text: 'buy' }),
    ),
  );
  const codes = await Promise.all(messages.map((sent) => sent.then(() => 'sent', failureCode)));
  const seconds = (performance.now() - began) / 1000;
  expect(new Set(codes)).toEqual(new Set(['sent', 'rate_limited']));
  // Fifteen for each of ten, and forty a second.
  expect(codes.filter((code) => code === 'sent').length).toBeLessThanOrEqual(151 + 40 * seconds);
}, 60_000);

test('S7 one address counts for no more than ten among those who are here', async () => {
  for (let n = 0; n < 30; n++) await letIn(node, FLOOD);
  expect(node.parts.liveStats.here()).toMatchObject({ online: 10, total: 30 });
  const other = await letIn(node, '198.51.100.9');
  await eventually(() => node.parts.liveStats.now().online === 11);
  const shown = await other.next('stats', ({ online }) => online === 11);
  expect(shown.total).toBe(31);
});

test('S5 S7 a client that no trusted proxy speaks for has one address, whatever it says', async () => {
  const distrusting = await startNode({ ...FROM_ANYWHERE, TRUSTED_PROXIES: '' });
  try {
    const from = strangers();
    for (let n = 0; n < 30; n++) await letIn(distrusting, from.next().value);
    expect(distrusting.parts.liveStats.here().online).toBe(10);
  } finally {
    await distrusting.close();
  }
});

test('M8 S5 [S5.1] ten people of one household who all do as much as they may are not held up', async () => {
  const from = strangers();
  const outcomes = new Set<unknown>();
  for (let person = 0; person < 10; person++) {
    const client = await letIn(node, FLOOD);
    let met = await meetStranger(node, client, { from, search: pauseOfSearch });
    outcomes.add(met.pauseMs);
    await client.request('report_user', { callId: met.callId, type: 'spam' });
    for (let id = 0; id < 15; id++)
      await client.request('chat_message', { callId: met.callId, id: String(id), text: 'hello' });
    for (let skip = 0; skip < 6; skip++) {
      const { callId, stranger } = met;
      const next = async (): Promise<number> => (await client.request('next_partner', { callId })).pauseMs;
      met = await meetStranger(node, client, { from, search: next });
      outcomes.add(met.pauseMs);
      stranger.close();
    }
    met.stranger.close();
    await client.request('leave_room', { callId: met.callId });
  }
  expect([...outcomes]).toEqual([0]);
}, 120_000);

test.each([
  ['IPv4', (n: number) => `192.0.2.${n + 1}`],
  ['IPv6', (n: number) => `2001:db8:7:${n.toString(16)}::1`],
])(
  'M8 S5 a campus of 200 addresses in one network of %s is not held up',
  async (_family, address) => {
    const campus: ProtocolClient[] = [];
    for (let n = 0; n < 200; n += 25) {
      const some = Array.from({ length: 25 }, (_, index) => letIn(node, address(n + index)));
      campus.push(...(await Promise.all(some)));
    }
    expect(node.parts.liveStats.here().online).toBe(200);
    const pauses = await Promise.all(campus.map(pauseOfSearch));
    expect(new Set(pauses)).toEqual(new Set([0]));
    const calls = await Promise.all(campus.map((client) => client.next('partner_found', undefined, 15_000)));
    // One of each two goes on to the next.
    const skipped = new Set<string>();
    for (const [index, { callId }] of calls.entries()) {
      if (skipped.has(callId)) continue;
      skipped.add(callId);
      expect(await campus[index]?.request('next_partner', { callId })).toEqual({ pauseMs: 0 });
    }
    expect(skipped.size).toBe(100);
  },
  120_000,
);

test('M8 S5 a search that waits for its address can be given up, and begins by itself', async () => {
  // A skip comes back every six seconds, so that none does while this is looked at.
  const slow = await startNode({ ...FROM_ANYWHERE, SKIPS_PER_MINUTE: '1' });
  try {
    const [guest, patient] = [await letIn(slow, FLOOD), await letIn(slow, FLOOD)];
    const place = { identity: { userId: '', isAnonymous: true }, ...placeOf(slow, guest) };
    for (let n = 0; n < 80; n++) await slow.parts.pace.search(place);
    expect(await pauseOfSearch(guest)).toBeGreaterThan(0);
    await guest.request('cancel_search', {});
    expect(await codeOf(guest.request('cancel_search', {}))).toBe('not_searching');
    expect(await pauseOfSearch(patient)).toBeGreaterThan(0);
    await eventually(() => slow.parts.peers.get(patient.id)?.state.kind === 'searching', 30_000);
  } finally {
    await slow.close();
  }
}, 60_000);

/** The hashes by which the node knows where a client comes from. */
function placeOf(at: TestNode, { id }: ProtocolClient) {
  const peer = at.parts.peers.get(id);
  return { addressHash: peer?.addressHash ?? null, origin: peer?.origin ?? null };
}

const failedAsDomain = (error: unknown): void => {
  expect(error).toMatchObject({ code: 'rate_limited' });
};
