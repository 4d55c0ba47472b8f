import { MediaNegotiation } from '../../../src/app/calls/media-negotiation';
import { Calls } from '../../../src/app/calls/calls';
import type { Call } from '../../../src/app/calls/call';
import type { Peer } from '../../../src/app/peers/peer';
import { DomainError } from '../../../src/domain/error';
import type { CallMedia, ServerMessage, Wishes } from '../../../src/protocol';
import { wishesSchema } from '../../../src/protocol';
import { ManualClock } from '../../support/manual-clock';
import { peerWithoutSocket } from '../../support/people';
import { ticket } from '../../support/tickets';

/** A media node whose lines and bridges a test controls. */
class HeldMedia {
  readonly ready = new Set<string>();
  readonly started: { callId: string; open: boolean }[] = [];
  attempts: { resolve: (media: ReadonlyMap<string, CallMedia>) => void; reject: (error: Error) => void }[] =
    [];
  closes = 0;
  private generation = 0;

  isReady = (id: string): boolean => this.ready.has(id);
  create = (_callId: string, ids: readonly [string, string]): Promise<ReadonlyMap<string, CallMedia>> =>
    new Promise((resolve, reject) => {
      this.generation += 1;
      const media: CallMedia = { generation: this.generation, consumers: [] };
      this.attempts.push({ resolve: () => resolve(new Map(ids.map((id) => [id, media]))), reject });
    });
  startFlow = async (callId: string, _generation: number, open: boolean): Promise<void> => {
    this.started.push({ callId, open });
  };
  openFlow = async (): Promise<void> => undefined;
  close = (): void => void (this.closes += 1);
}

function scene(mode: Wishes['mode'] = 'video', blurFirst = false) {
  const clock = new ManualClock();
  const node = new HeldMedia();
  const calls = new Calls(clock);
  const failed: string[][] = [];
  const negotiation = new MediaNegotiation({
    calls,
    lines: node,
    bridges: node,
    requeue: { participants: (_call, at) => void failed.push(at.map(({ id }) => id)) },
    clock,
    times: { lineMs: 1000, answerMs: 500, troubleMs: 5000 },
    reportError: (error) => {
      throw error;
    },
  });
  const sentTo = new Map<string, ServerMessage[]>();
  const peerOf = (id: string): Peer => {
    const { peer, sent } = peerWithoutSocket(id);
    sentTo.set(id, sent);
    return peer;
  };
  const wishes = wishesSchema.parse({ mode, blurFirst });
  const matched = (id: string) => ({ peer: peerOf(id), wishes, ticket: ticket(id, { mode }) });
  const [ann, bob] = [matched('ann'), matched('bob')];
  const call = calls.open([ann, bob]);
  const events = (id: string): string[] => (sentTo.get(id) ?? []).map(({ event }) => event);
  return { clock, node, calls, negotiation, call, failed, events, ann: ann.peer, bob: bob.peer };
}

const answer = ({ id }: Call, generation: number, veiled = false) => ({ callId: id, generation, veiled });

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('V1 with both lines ready the announcement carries the media', async () => {
  const { node, negotiation, call, events } = scene();
  node.ready.add('ann').add('bob');
  const begun = negotiation.begin(call);
  expect(events('ann')).toEqual([]);
  node.attempts[0]?.resolve(new Map());
  await begun;
  expect(events('ann')).toEqual(['partner_found', 'partner_state']);
  expect(call.media.state).toBe('offered');
});

test('V1 with a line not ready: announced at once, bridged when the later line is ready', async () => {
  const { node, negotiation, call, events, ann, bob } = scene();
  node.ready.add('ann');
  await negotiation.begin(call);
  expect(events('bob')).toContain('partner_found');
  expect(call.media.state).toBe('awaiting_lines');
  negotiation.lineReady(ann);
  await settle();
  expect(node.attempts).toHaveLength(0);
  node.ready.add('bob');
  negotiation.lineReady(bob);
  node.attempts[0]?.resolve(new Map());
  await settle();
  expect(events('ann')).toContain('call_media');
});

test('V1 [V1.2] media flows when both have answered this generation, and not before', async () => {
  const { node, negotiation, call, ann, bob } = scene();
  node.ready.add('ann').add('bob');
  const begun = negotiation.begin(call);
  node.attempts[0]?.resolve(new Map());
  await begun;
  await negotiation.clientReady(ann, answer(call, 1));
  await negotiation.clientReady(ann, answer(call, 1));
  await negotiation.clientReady(bob, answer(call, 7));
  expect(node.started).toEqual([]);
  await negotiation.clientReady(bob, answer(call, 1));
  expect(node.started).toEqual([{ callId: call.id, open: true }]);
  expect(call.media.state).toBe('flowing');
});

test('V1 a client that does not answer, or makes no line, fails its own peer', async () => {
  const unanswered = scene();
  unanswered.node.ready.add('ann').add('bob');
  const begun = unanswered.negotiation.begin(unanswered.call);
  unanswered.node.attempts[0]?.resolve(new Map());
  await begun;
  await unanswered.negotiation.clientReady(unanswered.ann, answer(unanswered.call, 1));
  await unanswered.clock.advance(500);
  expect(unanswered.failed).toEqual([['bob']]);

  const cold = scene();
  cold.node.ready.add('bob');
  await cold.negotiation.begin(cold.call);
  await cold.clock.advance(1000);
  expect(cold.failed).toEqual([['ann']]);
});

test('V2 a line lost while bridging: the late bridge is not offered, the next one is', async () => {
  const { node, negotiation, call, events, ann } = scene();
  node.ready.add('ann').add('bob');
  const begun = negotiation.begin(call);
  node.ready.delete('ann');
  negotiation.lineLost(ann);
  node.attempts[0]?.reject(new DomainError('line_missing', 'gone'));
  await begun;
  expect(call.media.state).toBe('awaiting_lines');
  node.ready.add('ann');
  negotiation.lineReady(ann);
  node.attempts[1]?.resolve(new Map());
  await settle();
  expect(call.media.state).toBe('offered');
  expect(events('bob').filter((event) => event === 'partner_found')).toHaveLength(1);
});

/** Timers that are left of a call that ended before anything was negotiated. */
function timersOfEndedCall(): number {
  const { calls, call, clock } = scene();
  calls.end(call, 'left');
  return clock.pending;
}

test('V1 [V1.6] a call that ends while its lines are bridged leaves no bridge and no timer behind', async () => {
  const { node, calls, negotiation, call, failed, clock } = scene();
  node.ready.add('ann').add('bob');
  const begun = negotiation.begin(call);
  calls.end(call, 'left');
  node.attempts[0]?.resolve(new Map());
  await begun;
  expect(node.closes).toBeGreaterThanOrEqual(2);
  expect(clock.pending).toBe(timersOfEndedCall());
  await clock.advance(10_000);
  expect(failed).toEqual([]);
});

test.each([
  ['waits for a line', ['ann']],
  ['waits for the answers of its clients', ['ann', 'bob']],
])('V1 [V1.6] a call that ends while it %s leaves no timer behind', async (_, ready) => {
  const { node, calls, negotiation, call, clock } = scene();
  for (const id of ready) node.ready.add(id);
  const begun = negotiation.begin(call);
  node.attempts[0]?.resolve(new Map());
  await begun;
  calls.end(call, 'left');
  expect(clock.pending).toBe(timersOfEndedCall());
});

test('V1 [V1.6] a call whose media flows has no timer of its negotiation any more', async () => {
  const { node, negotiation, call, clock, ann, bob } = scene();
  const before = clock.pending;
  node.ready.add('ann').add('bob');
  const begun = negotiation.begin(call);
  node.attempts[0]?.resolve(new Map());
  await begun;
  expect(clock.pending).toBe(before + 1);
  await negotiation.clientReady(ann, answer(call, 1));
  await negotiation.clientReady(bob, answer(call, 1));
  expect(clock.pending).toBe(before);
});

test('V2 a line that is missing is waited for a while: its participants are not separated only to be matched again', async () => {
  const { node, negotiation, call, failed, clock, ann } = scene();
  node.ready.add('ann').add('bob');
  const begun = negotiation.begin(call);
  node.attempts[0]?.reject(new DomainError('line_missing', 'nobody knows of it'));
  await begun;
  expect([call.media.state, failed]).toEqual(['awaiting_lines', []]);
  // The client makes the line anew.
  negotiation.lineReady(ann);
  node.attempts[1]?.resolve(new Map());
  await settle();
  expect(call.media.state).toBe('offered');

  const never = scene();
  never.node.ready.add('ann').add('bob');
  const tried = never.negotiation.begin(never.call);
  never.node.attempts[0]?.reject(new DomainError('line_missing', 'nobody knows of it'));
  await tried;
  await never.clock.advance(1_000);
  expect(never.failed).toEqual([[]]);
  await clock.advance(0);
});

/** A call whose media has been offered, and whose clients have answered if `answered`. */
async function negotiated(answered: boolean) {
  const all = scene();
  const { node, negotiation, call, ann, bob } = all;
  node.ready.add('ann').add('bob');
  const begun = negotiation.begin(call);
  node.attempts[0]?.resolve(new Map());
  await begun;
  for (const peer of answered ? [ann, bob] : []) await negotiation.clientReady(peer, answer(call, 1));
  return all;
}

test('V2 a bridge that breaks is made again where media flowed or was offered, and only there', async () => {
  for (const answered of [true, false]) {
    const { node, negotiation, call } = await negotiated(answered);
    negotiation.bridgeBroken(call);
    expect(node.attempts).toHaveLength(2);
  }
  const waits = scene();
  await waits.negotiation.begin(waits.call);
  waits.negotiation.bridgeBroken(waits.call);
  await settle();
  expect([waits.node.attempts.length, waits.call.media.state]).toEqual([0, 'awaiting_lines']);
});

test('V2 who comes back gets an offer again that may have been lost, and no new one while media flows', async () => {
  const offered = await negotiated(false);
  offered.negotiation.repeatOffer(offered.call);
  expect(offered.node.attempts).toHaveLength(2);
  const flowing = await negotiated(true);
  flowing.negotiation.repeatOffer(flowing.call);
  expect(flowing.node.attempts).toHaveLength(1);
});

test('V2 a text call has no media: lines that come and go change nothing', async () => {
  const { node, negotiation, call, ann, clock } = scene('text');
  await negotiation.begin(call);
  const timers = clock.pending;
  node.ready.add('ann').add('bob');
  negotiation.lineReady(ann);
  negotiation.lineLost(ann);
  await settle();
  expect([node.attempts.length, node.closes, clock.pending]).toEqual([0, 0, timers]);
});

test.each([
  ['node_unreachable', true, 'awaiting_lines', []],
  ['media_failed', true, 'none', [[]]],
  ['media_failed', false, 'flowing', []],
] as const)(
  'V2 when media cannot start (%s, lines ready: %s) the call is %s',
  async (code, ready, state, failed) => {
    const all = await negotiated(false);
    const { node, negotiation, call, ann, bob } = all;
    await negotiation.clientReady(ann, answer(call, 1));
    node.startFlow = async () => {
      if (!ready) node.ready.delete('ann');
      throw code === 'media_failed' ? new Error(code) : new DomainError(code, 'the node is away');
    };
    const answered = negotiation.clientReady(bob, answer(call, 1));
    if (code === 'media_failed') await expect(answered).rejects.toThrow(code);
    else await answered;
    expect([call.media.state, all.failed]).toEqual([state, failed]);
  },
);

test('V1 a call that one left before it was announced sends only the partner back to the search', async () => {
  const { node, calls, negotiation, call, failed, ann } = scene();
  node.ready.add('ann').add('bob');
  void negotiation.begin(call);
  calls.end(call, 'left', ann);
  expect(failed).toEqual([['ann']]);
  const announced = await negotiated(true);
  announced.calls.end(announced.call, 'left', announced.ann);
  expect(announced.failed).toEqual([]);
});

test('V1 sound is added once both have accepted, if media flows by then', async () => {
  for (const [answered, expected] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const { node, calls, call, ann, bob } = await negotiated(answered);
    let added = 0;
    node.openFlow = async () => void (added += 1);
    for (const participant of call.participants) participant.accepted = false;
    call.phase = { phase: 'accepting', until: 0, stop: () => undefined };
    calls.accept(ann, call.id);
    expect(added).toBe(0);
    calls.accept(bob, call.id);
    expect(added).toBe(expected);
  }
});

test('V1 [V1.6] however often a call is bridged again, it has to flow within one limit', async () => {
  const { node, negotiation, call, clock, failed, ann } = scene();
  node.ready.add('bob');
  await negotiation.begin(call);
  // Each wait is shorter than the limit of one wait (1 s); together they reach the limit of all (5 s).
  for (let times = 0; times < 6; times++) {
    await clock.advance(900);
    negotiation.lineLost(ann);
  }
  await clock.advance(0);
  expect(failed).toEqual([['ann']]);
});

test('V2 a limit does not run out while a participant is away', async () => {
  const { negotiation, call, clock, failed, ann } = scene();
  await negotiation.begin(call);
  const here = ann.presence;
  ann.presence = { state: 'away', until: clock.elapsed() + 30_000, stop: () => undefined };
  await clock.advance(10_000);
  expect(failed).toEqual([]);
  ann.presence = here;
  await clock.advance(1_000);
  expect(failed).toEqual([['ann', 'bob']]);
});

test('C2 [C2.2] before both have accepted, nothing flows to a client or from it that has not veiled its picture', async () => {
  const { node, negotiation, call, clock, failed, ann, bob } = scene('video', true);
  node.ready.add('ann').add('bob');
  const begun = negotiation.begin(call);
  node.attempts[0]?.resolve(new Map());
  await begun;
  await negotiation.clientReady(ann, answer(call, 1, true));
  await expect(negotiation.clientReady(bob, answer(call, 1))).rejects.toMatchObject({ code: 'line_refused' });
  expect([call.media.state, node.started]).toEqual(['offered', []]);
  await clock.advance(500);
  expect(failed).toEqual([['bob']]);

  const veiled = scene('video', true);
  veiled.node.ready.add('ann').add('bob');
  const both = veiled.negotiation.begin(veiled.call);
  veiled.node.attempts[0]?.resolve(new Map());
  await both;
  for (const peer of [veiled.ann, veiled.bob])
    await veiled.negotiation.clientReady(peer, answer(veiled.call, 1, true));
  expect(veiled.node.started).toEqual([{ callId: veiled.call.id, open: false }]);
});
