import { Calls } from '../../../src/app/calls/calls';
import { PartnerDoubt } from '../../../src/app/calls/partner-doubt';
import type { RemoteCall } from '../../../src/app/calls/remote-calls';
import { wishesSchema } from '../../../src/protocol';
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
  const remote = { callId: REMOTE, peer: cleo.peer, announced: true, leaving: null } as unknown as RemoteCall;
  const membership = { hears: true, on: ({ heldUp }: { heldUp?: () => void }) => (told.heldUp = heldUp) };
  const told: { heldUp: (() => void) | undefined } = { heldUp: undefined };
  const asked: string[] = [];
  const doubt = new PartnerDoubt({
    ...{ calls, membership, clock, messenger: { on: () => undefined } },
    remoteCalls: {
      all: () => [remote].values(),
      of: (peer: unknown) => (peer === cleo.peer ? remote : undefined),
      rejoin: ({ callId }: RemoteCall) => Promise.resolve(void asked.push(callId)),
    },
    reportError: (error: unknown) => {
      throw error;
    },
  });
  const eventsOf = ({ sent }: typeof ann): string[] =>
    sent.flatMap(({ event }) => (event.startsWith('partner_') && event !== 'partner_found' ? [event] : []));
  for (const { sent } of [ann, bob, cleo]) sent.length = 0;
  return { clock, calls, call, ann, bob, cleo, remote, membership, told, asked, doubt, eventsOf };
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

test('V8 a node that was only late says nothing, and one that asks the owners anyway asks once', async () => {
  const { clock, ann, cleo, membership, told, asked, eventsOf } = scene();
  membership.hears = false;
  await clock.advance(300);
  membership.hears = true;
  await clock.advance(500);
  expect([ann, cleo].map(eventsOf)).toEqual([[], []]);
  membership.hears = false;
  await clock.advance(1_000);
  told.heldUp?.();
  membership.hears = true;
  await clock.advance(500);
  expect(asked).toEqual([]);
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
