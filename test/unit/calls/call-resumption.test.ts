import { CallResumption, type CallResumptionDeps } from '../../../src/app/calls/call-resumption';
import { Calls } from '../../../src/app/calls/calls';
import { wishesSchema } from '../../../src/protocol';
import { ManualClock } from '../../support/manual-clock';
import { peerWithoutSocket } from '../../support/people';
import { ticket } from '../../support/tickets';

function scene() {
  const clock = new ManualClock();
  const calls = new Calls(clock);
  const [ann, bob] = [peerWithoutSocket('ann'), peerWithoutSocket('bob')];
  const matched = ({ peer }: typeof ann) => ({
    peer,
    wishes: wishesSchema.parse({ mode: 'text' }),
    ticket: ticket(peer.id, { mode: 'text' }),
  });
  const call = calls.open([matched(ann), matched(bob)]);
  const resumption = new CallResumption({
    calls,
    clock,
    negotiation: { repeatOffer: () => undefined },
    chat: { catchUp: () => undefined },
  } as unknown as CallResumptionDeps);
  const bobGoesAway = (graceMs: number): void => {
    bob.peer.presence = { state: 'away', until: clock.elapsed() + graceMs, stop: () => undefined };
  };
  /** How long Bob's place is held, as Ann has been told. */
  const toldGraces = (): number[] =>
    ann.sent.flatMap((message) => (message.event === 'partner_reconnecting' ? [message.data.graceMs] : []));
  return { clock, calls, call, ann, bob, resumption, bobGoesAway, toldGraces };
}

test('S8 M8 whoever is back in a call whose partner is away is told so, and how long the place is still held', async () => {
  const { clock, call, ann, resumption, bobGoesAway, toldGraces } = scene();
  bobGoesAway(10_000);
  resumption.resume(call, ann.peer);
  expect(toldGraces()).toEqual([]);
  await clock.advance(2_000);
  expect(toldGraces()).toEqual([8_000]);
});

test('S8 M8 a partner who is back by then, or only moves to another node, is not called away', async () => {
  const { clock, call, ann, bob, resumption, bobGoesAway, toldGraces } = scene();
  resumption.resume(call, ann.peer);
  bobGoesAway(10_000);
  await clock.advance(5_000);
  resumption.resume(call, ann.peer);
  await clock.advance(500);
  bob.peer.presence = { state: 'here', socket: { send: () => undefined, close: () => undefined } };
  await clock.advance(5_000);
  expect(toldGraces()).toEqual([]);
});

test('S8 nobody is told of a call that has ended meanwhile', async () => {
  const { clock, calls, call, ann, bob, resumption, bobGoesAway, toldGraces } = scene();
  bobGoesAway(10_000);
  resumption.resume(call, ann.peer);
  calls.end(call, 'lost', bob.peer);
  await clock.advance(5_000);
  expect(toldGraces()).toEqual([]);
});
