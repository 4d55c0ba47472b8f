import { Calls } from '../../../src/app/calls/calls';
import { PartnerDoubt } from '../../../src/app/calls/partner-doubt';
import type { RemoteCall } from '../../../src/app/calls/remote-calls';
import { wishesSchema } from '../../../src/protocol';
import { QUIET } from '../../support/cluster';
import { ManualClock, settle } from '../../support/manual-clock';
import { peerWithoutSocket } from '../../support/people';
import { ticket } from '../../support/tickets';

const REMOTE = '6c84fb90-12c4-11e1-840d-7b25c5ee775a';

/** A node with one call of its own whose other participant is elsewhere, and one participant of a call elsewhere. */
function scene() {
  const clock = new ManualClock();
  const calls = new Calls(clock);
  const [ann, bob, cleo] = [peerWithoutSocket('ann'), peerWithoutSocket('bob'), peerWithoutSocket('cleo')];
  const matched = ({ peer }: typeof ann) => ({
    peer,
    wishes: wishesSchema.parse({ mode: 'text' }),
    ticket: ticket(peer.id, { mode: 'text' }),
  });
  const call = calls.open([matched(ann), matched(bob)]);
  call.announced = true;
  bob.peer.gatewayNode = 'elsewhere';
  const remote = {
    ...{ callId: REMOTE, peer: cleo.peer, owner: 'owner', announced: true, leaving: null },
  } as unknown as RemoteCall;
  /** By other node: for how long nothing was heard of it (ms). */
  const silences = { elsewhere: 0, owner: 0 };
  const membership = {
    hears: true,
    others: () =>
      Object.entries(silences).map(([address, ms]) => ({
        ...{ ...QUIET, incarnation: 0, address },
        heardAt: clock.elapsed() - ms,
      })),
  };
  const owner = { answers: true };
  const asked: string[] = [];
  const doubt = new PartnerDoubt({
    ...{ calls, membership, clock },
    remoteCalls: {
      all: () => [remote].values(),
      of: (peer: unknown) => (peer === cleo.peer ? remote : undefined),
      rejoin: ({ callId }: RemoteCall) => {
        asked.push(callId);
        return Promise.resolve(owner.answers);
      },
    },
    reportError: (error: unknown) => {
      throw error;
    },
  });
  const eventsOf = ({ sent }: typeof ann): string[] =>
    sent.flatMap(({ event }) => (event.startsWith('partner_') && event !== 'partner_found' ? [event] : []));
  for (const { sent } of [ann, bob, cleo]) sent.length = 0;
  return { clock, calls, call, ann, bob, cleo, remote, membership, silences, owner, asked, doubt, eventsOf };
}

test('M7 V8 [M7.4] while a node hears no other one, nobody is shown a partner who may have left; then they are told how it is', async () => {
  const { clock, ann, bob, cleo, membership, asked, eventsOf } = scene();
  membership.hears = false;
  await clock.advance(1_000);
  expect([ann, cleo].map(eventsOf)).toEqual([['partner_reconnecting'], ['partner_reconnecting']]);
  expect(eventsOf(bob)).toEqual([]);
  membership.hears = true;
  await clock.advance(500);
  await settle();
  expect(eventsOf(ann)).toEqual(['partner_reconnecting', 'partner_state']);
  expect(asked).toEqual([REMOTE]);
});

test('V8 a node that was only late says nothing', async () => {
  const { clock, ann, cleo, membership, eventsOf } = scene();
  membership.hears = false;
  await clock.advance(300);
  membership.hears = true;
  await clock.advance(500);
  expect([ann, cleo].map(eventsOf)).toEqual([[], []]);
});

test('V8 an owner that hears the bus later is asked until it answers, so that nobody is shown as away for ever', async () => {
  const { clock, cleo, membership, owner, asked, eventsOf } = scene();
  membership.hears = false;
  await clock.advance(1_000);
  owner.answers = false;
  membership.hears = true;
  for (let checks = 0; checks < 4; checks += 1) {
    await clock.advance(250);
    await settle();
  }
  expect(asked.length).toBeGreaterThan(2);
  owner.answers = true;
  await clock.advance(250);
  await settle();
  const { length } = asked;
  await clock.advance(1_000);
  expect(asked).toHaveLength(length);
  expect(eventsOf(cleo)).toEqual(['partner_reconnecting']);
});

test('M7 V8 [M7.4] whoever comes back while the bus is still away is told once more; whose partner is away is not', async () => {
  const { clock, ann, bob, cleo, membership, eventsOf } = scene();
  bob.peer.presence = { state: 'away', until: 10_000, stop: () => undefined };
  membership.hears = false;
  await clock.advance(1_000);
  cleo.peer.presence = {
    state: 'here',
    socket: { send: (message) => cleo.sent.push(message), close: () => undefined },
  };
  await clock.advance(250);
  expect([ann, cleo].map(eventsOf)).toEqual([[], ['partner_reconnecting', 'partner_reconnecting']]);
});

test('V8 whoever leaves, or was not told of their call yet, hears nothing of it; a closed node asks nobody', async () => {
  const { clock, call, calls, ann, cleo, remote, membership, asked, doubt, eventsOf } = scene();
  calls.end(call, 'left', ann.peer);
  remote.leaving = 'left';
  membership.hears = false;
  await clock.advance(1_000);
  expect([ann, cleo].map(eventsOf)).toEqual([[], []]);
  remote.leaving = null;
  await clock.advance(1_000);
  expect(eventsOf(cleo)).toEqual(['partner_reconnecting']);
  doubt.close();
  membership.hears = true;
  await clock.advance(1_000);
  expect(asked).toEqual([]);
});

test('M7 V8 [M7.4] a node of which nothing is heard may be dead: participants of calls with it are told, and no others', async () => {
  const { clock, ann, cleo, silences, asked, eventsOf } = scene();
  silences.elsewhere = 1_400;
  await clock.advance(250);
  expect([ann, cleo].map(eventsOf)).toEqual([[], []]);
  silences.elsewhere = 1_600;
  await clock.advance(500);
  expect([ann, cleo].map(eventsOf)).toEqual([['partner_reconnecting'], []]);
  silences.elsewhere = 100;
  silences.owner = 2_000;
  await clock.advance(250);
  expect([ann, cleo].map(eventsOf)).toEqual([
    ['partner_reconnecting', 'partner_state'],
    ['partner_reconnecting'],
  ]);
  silences.owner = 0;
  await clock.advance(250);
  await settle();
  expect(asked).toEqual([REMOTE]);
});
