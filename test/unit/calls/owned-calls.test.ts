import { Calls } from '../../../src/app/calls/calls';
import { OwnedCalls, type OwnedCallsDeps } from '../../../src/app/calls/owned-calls';
import { wishesSchema } from '../../../src/protocol';
import { ManualClock } from '../../support/manual-clock';
import { peerWithoutSocket } from '../../support/people';
import { ticket } from '../../support/tickets';

test('S8 [S8.1] when the bus is back, participants at other nodes get what they may have missed of the chat', () => {
  const calls = new Calls(new ManualClock());
  const [ann, bob] = [peerWithoutSocket('ann').peer, peerWithoutSocket('bob').peer];
  const matched = (peer: typeof ann) => ({
    peer,
    wishes: wishesSchema.parse({ mode: 'text' }),
    ticket: ticket(peer.id, { mode: 'text' }),
  });
  let restored: () => void = () => undefined;
  const caughtUp: string[] = [];
  new OwnedCalls({
    calls,
    messenger: {
      onRequest: () => undefined,
      onNotification: () => undefined,
      on: (listener: { restored: () => void }) => (restored = listener.restored),
    },
    membership: { on: () => undefined },
    resumption: { catchUp: (_: unknown, { id }: { id: string }) => caughtUp.push(id) },
  } as unknown as OwnedCallsDeps);
  calls.open([matched(ann), matched(bob)]);
  bob.gatewayNode = 'another node';
  restored();
  expect(caughtUp).toEqual(['bob']);
});
