import { Calls } from '../../../src/app/calls/calls';
import { TalkMeter } from '../../../src/app/calls/talk-meter';
import { UsageMemory } from '../../../src/app/plans/usage-memory';
import { DEFAULT_PLANS, NO_USAGE, type Usage } from '../../../src/domain/plans';
import type { Plan, Wishes } from '../../../src/protocol';
import { wishesSchema } from '../../../src/protocol';
import { ManualClock } from '../../support/manual-clock';
import { peerWithoutSocket } from '../../support/people';
import { ticket } from '../../support/tickets';

const MINUTE = 60_000;

function scene(dailyMinutes: number | null, mode: Wishes['mode'] = 'text') {
  const [free] = DEFAULT_PLANS;
  if (free === undefined) throw new Error('a plan is needed');
  const plans: Plan[] = [{ ...free, dailyMinutes, monthlyMinutes: null }];
  const clock = new ManualClock();
  const calls = new Calls(clock);
  const kept = new Map<string, Usage>();
  const memory = new UsageMemory(clock);
  const meter = new TalkMeter(
    calls,
    { keepUsage: (userId, usage) => kept.set(userId, usage) },
    memory,
    clock,
  );
  const [anna, ben] = [peerWithoutSocket('anna', { plans }), peerWithoutSocket('ben')];
  const open = (blurFirst = false) => {
    const wishes = wishesSchema.parse({ mode, blurFirst });
    const matched = (peer: typeof anna.peer) => ({
      peer,
      wishes,
      ticket: ticket(peer.id, { mode }),
    });
    return calls.open([matched(anna.peer), matched(ben.peer)]);
  };
  return { clock, calls, meter, memory, kept, anna, ben, open };
}

test('P1 a call is counted to the second, for both, and kept when it ends', async () => {
  const { clock, calls, kept, open, ben } = scene(10);
  const call = open();
  await clock.advance(90_000);
  calls.end(call, 'left', ben.peer);
  expect(kept.get('anna')?.dayMs).toBe(90_000);
  expect(kept.get('ben')?.dayMs).toBe(90_000);
});

test('P1 counted time is also written during a call, so that a crash loses half a minute at most', async () => {
  const { clock, kept, open } = scene(10);
  open();
  await clock.advance(35_000);
  expect(kept.get('anna')?.dayMs).toBeGreaterThanOrEqual(30_000);
});

test('P1 nothing counts before both can talk: not while they decide, not before media flows', async () => {
  const { clock, calls, open, anna, ben } = scene(10, 'video');
  const call = open(true);
  await clock.advance(5_000);
  calls.accept(anna.peer, call.id);
  calls.accept(ben.peer, call.id);
  await clock.advance(5_000);
  calls.mediaFlows(call);
  await clock.advance(3_000);
  calls.end(call, 'left', anna.peer);
  expect(anna.peer.allowance.usage.dayMs).toBe(3_000);
});

test('P1 a participant is warned once, a minute before, and the call ends when nothing is left', async () => {
  const { clock, calls, open, anna, ben } = scene(2);
  const call = open();
  await clock.advance(MINUTE - 2_000);
  expect(anna.sent.filter(({ event }) => event === 'notice')).toEqual([]);
  await clock.advance(30_000);
  const notices = anna.sent.filter(({ event }) => event === 'notice');
  expect(notices).toEqual([
    { event: 'notice', data: { code: 'plan_minutes_low', leftMs: expect.closeTo(MINUTE, -4) } },
  ]);
  expect(calls.get(call.id)).toBe(call);
  await clock.advance(MINUTE);
  expect(calls.get(call.id)).toBeUndefined();
  const ended = (sent: typeof anna.sent) => sent.find(({ event }) => event === 'partner_disconnected')?.data;
  expect(ended(anna.sent)).toEqual({ callId: call.id, reason: 'plan_over' });
  // The partner does not learn whose plan it was.
  expect(ended(ben.sent)).toEqual({ callId: call.id, reason: 'left' });
  expect(anna.peer.allowance.usage.dayMs).toBeLessThanOrEqual(2 * MINUTE + 1000);
});

test('P1 a plan without limits never ends a call', async () => {
  const { clock, calls, open } = scene(null);
  const call = open();
  await clock.advance(60 * MINUTE);
  expect(calls.get(call.id)).toBe(call);
});

test('P1 a stop hands over the counted time', async () => {
  const { clock, meter, kept, open } = scene(10);
  open();
  await clock.advance(10_000);
  meter.close();
  expect(kept.get('anna')?.dayMs).toBe(10_000);
  await clock.advance(10_000);
  expect(kept.get('anna')?.dayMs).toBe(10_000);
});

test('P1 with nothing left at the moment in which both can talk, the call ends at once and counts no more', async () => {
  const { clock, calls, kept, open, anna, ben } = scene(1);
  anna.peer.allowance.count(MINUTE, clock.now());
  const heard: string[] = [];
  calls.on({ connected: () => heard.push('connected'), ended: () => heard.push('ended') });
  open();
  await clock.advance(1_500);
  // Listeners get the beginning of a call before its end.
  expect(heard).toEqual(['connected', 'ended']);
  await clock.advance(60_000);
  expect(kept.get('ben')?.dayMs).toBeLessThanOrEqual(2_000);
  expect(ben.peer.allowance.usage.dayMs).toBeLessThanOrEqual(2_000);
});

test('P1 used time that is not written yet still counts when the user comes back; a new day begins anew', async () => {
  const { clock, calls, memory, open, ben } = scene(10);
  const call = open();
  await clock.advance(90_000);
  calls.end(call, 'left', ben.peer);
  expect(memory.merged('anna', NO_USAGE).dayMs).toBe(90_000);
  const later = { ...memory.merged('anna', NO_USAGE), dayMs: 95_000 };
  expect(memory.merged('anna', later).dayMs).toBe(95_000);
  memory.forget('anna');
  expect(memory.merged('anna', NO_USAGE)).toEqual(NO_USAGE);
});

test('P1 used time that was counted long ago is only what the records say', async () => {
  const { clock, calls, memory, open, ben } = scene(10);
  const call = open();
  await clock.advance(90_000);
  calls.end(call, 'left', ben.peer);
  await clock.advance(11 * MINUTE);
  expect(memory.merged('anna', NO_USAGE)).toEqual(NO_USAGE);
});
