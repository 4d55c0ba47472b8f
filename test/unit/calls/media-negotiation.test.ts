import { MediaNegotiation } from '../../../src/app/calls/media-negotiation';
import { Calls } from '../../../src/app/calls/calls';
import type { Peer } from '../../../src/app/peers/peer';
import { DomainError } from '../../../src/domain/error';
import type { CallMedia, ServerMessage, Wishes } from '../../../src/protocol';
import { wishesSchema } from '../../../src/protocol';
import { ManualClock } from '../../support/manual-clock';
import { somebody } from '../../support/people';
import { ticket } from '../../support/tickets';

/** A media plane whose lines and joinings tests hold in their hands. */
class HeldPlane {
  readonly ready = new Set<string>();
  readonly started: { callId: string; open: boolean }[] = [];
  joins: { resolve: (media: ReadonlyMap<string, CallMedia>) => void; reject: (error: Error) => void }[] = [];
  parted = 0;
  private generation = 0;

  isReady = (id: string): boolean => this.ready.has(id);
  create = (_callId: string, ids: readonly [string, string]): Promise<ReadonlyMap<string, CallMedia>> =>
    new Promise((resolve, reject) => {
      this.generation += 1;
      const media: CallMedia = { generation: this.generation, consumers: [] };
      this.joins.push({ resolve: () => resolve(new Map(ids.map((id) => [id, media]))), reject });
    });
  startFlow = async (callId: string, _generation: number, open: boolean): Promise<void> => {
    this.started.push({ callId, open });
  };
  addSound = async (): Promise<void> => undefined;
  close = (): void => void (this.parted += 1);
}

function scene(mode: Wishes['mode'] = 'video') {
  const clock = new ManualClock();
  const plane = new HeldPlane();
  const calls = new Calls(clock);
  const failed: string[][] = [];
  const director = new MediaNegotiation({
    calls,
    lines: plane,
    bridges: plane,
    requeue: { participants: (_call, at) => void failed.push(at.map(({ id }) => id)) },
    clock,
    times: { lineMs: 1000, answerMs: 500, troubleMs: 5000 },
    reportError: (error) => {
      throw error;
    },
  });
  const told = new Map<string, ServerMessage[]>();
  const person = (id: string): Peer => {
    const { person: made, told: heard } = somebody(id);
    told.set(id, heard);
    return made;
  };
  const wishes = wishesSchema.parse({ mode, blurFirst: false });
  const matched = (id: string) => ({ peer: person(id), wishes, ticket: ticket(id, { mode }) });
  const [ann, bob] = [matched('ann'), matched('bob')];
  const call = calls.open([ann, bob]);
  const events = (id: string): string[] => (told.get(id) ?? []).map(({ event }) => event);
  return { clock, plane, calls, director, call, failed, events, ann: ann.peer, bob: bob.peer };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('V1 with both lines ready the announcement carries the media', async () => {
  const { plane, director, call, events } = scene();
  plane.ready.add('ann').add('bob');
  const begun = director.begin(call);
  expect(events('ann')).toEqual([]);
  plane.joins[0]?.resolve(new Map());
  await begun;
  expect(events('ann')).toEqual(['partner_found', 'partner_state']);
  expect(call.media.state).toBe('offered');
});

test('V1 the cold way: announced at once, joined when the later line is ready', async () => {
  const { plane, director, call, events, ann, bob } = scene();
  plane.ready.add('ann');
  await director.begin(call);
  expect(events('bob')).toContain('partner_found');
  expect(call.media.state).toBe('awaiting_lines');
  director.lineReady(ann);
  await settle();
  expect(plane.joins).toHaveLength(0);
  plane.ready.add('bob');
  director.lineReady(bob);
  plane.joins[0]?.resolve(new Map());
  await settle();
  expect(events('ann')).toContain('call_media');
});

test('V1 [V1.2] media flows when both have answered this generation, and not before', async () => {
  const { plane, director, call, ann, bob } = scene();
  plane.ready.add('ann').add('bob');
  const begun = director.begin(call);
  plane.joins[0]?.resolve(new Map());
  await begun;
  await director.clientReady(ann, call.id, 1);
  await director.clientReady(ann, call.id, 1);
  await director.clientReady(bob, call.id, 7);
  expect(plane.started).toEqual([]);
  await director.clientReady(bob, call.id, 1);
  expect(plane.started).toEqual([{ callId: call.id, open: true }]);
  expect(call.media.state).toBe('flowing');
});

test('V1 a client that does not answer, and a line that does not come, are blamed on whose they are', async () => {
  const unanswered = scene();
  unanswered.plane.ready.add('ann').add('bob');
  const begun = unanswered.director.begin(unanswered.call);
  unanswered.plane.joins[0]?.resolve(new Map());
  await begun;
  await unanswered.director.clientReady(unanswered.ann, unanswered.call.id, 1);
  await unanswered.clock.advance(500);
  expect(unanswered.failed).toEqual([['bob']]);

  const cold = scene();
  cold.plane.ready.add('bob');
  await cold.director.begin(cold.call);
  await cold.clock.advance(1000);
  expect(cold.failed).toEqual([['ann']]);
});

test('V2 a line lost while joining: the late joining is not offered, the next one is', async () => {
  const { plane, director, call, events, ann } = scene();
  plane.ready.add('ann').add('bob');
  const begun = director.begin(call);
  plane.ready.delete('ann');
  director.lineLost(ann);
  plane.joins[0]?.reject(new DomainError('line_missing', 'gone'));
  await begun;
  expect(call.media.state).toBe('awaiting_lines');
  plane.ready.add('ann');
  director.lineReady(ann);
  plane.joins[1]?.resolve(new Map());
  await settle();
  expect(call.media.state).toBe('offered');
  expect(events('bob').filter((event) => event === 'partner_found')).toHaveLength(1);
});

test('V1 [V1.6] a call that ends while its lines are joined leaves no joining and no timer behind', async () => {
  const { plane, calls, director, call, failed, clock } = scene();
  plane.ready.add('ann').add('bob');
  const begun = director.begin(call);
  calls.end(call, 'left');
  plane.joins[0]?.resolve(new Map());
  await begun;
  expect(plane.parted).toBeGreaterThanOrEqual(2);
  await clock.advance(10_000);
  expect(failed).toEqual([]);
});

test('V2 a line that is not where it was is waited for a while: its people are not parted to meet again at once', async () => {
  const { plane, director, call, failed, clock, ann } = scene();
  plane.ready.add('ann').add('bob');
  const begun = director.begin(call);
  plane.joins[0]?.reject(new DomainError('line_missing', 'nobody knows of it'));
  await begun;
  expect([call.media.state, failed]).toEqual(['awaiting_lines', []]);
  // Its node has been asked, and the client makes it anew.
  director.lineReady(ann);
  plane.joins[1]?.resolve(new Map());
  await settle();
  expect(call.media.state).toBe('offered');

  const never = scene();
  never.plane.ready.add('ann').add('bob');
  const tried = never.director.begin(never.call);
  never.plane.joins[0]?.reject(new DomainError('line_missing', 'nobody knows of it'));
  await tried;
  await never.clock.advance(1_000);
  expect(never.failed).toEqual([[]]);
  await clock.advance(0);
});
