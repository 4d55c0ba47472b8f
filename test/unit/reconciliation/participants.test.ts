import { Calls } from '../../../src/app/calls/calls';
import { participantBack, participantsConfirm, participantsReconcile } from '../../../src/app/calls/messages';
import type { RemoteCall } from '../../../src/app/calls/remote-calls';
import type { Peer } from '../../../src/app/peers/peer';
import { ParticipantReconciliation } from '../../../src/app/reconciliation/participants';
import { MemoryBusHub } from '../../../src/memory/bus';
import { wishesSchema } from '../../../src/protocol';
import { clusterNode } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';
import { peerWithoutSocket } from '../../support/people';

const WISHES = wishesSchema.parse({ mode: 'text' });

/** Node `a` owns a call of Ann, who is there, with Ben, whose gateway is node `b`. */
async function scene() {
  const [clock, hub] = [new ManualClock(), new MemoryBusHub()];
  const [a, b] = [await clusterNode('a', hub, clock), await clusterNode('b', hub, clock)];
  const calls = new Calls(clock);
  const [ann, ben] = [peerWithoutSocket('ann').peer, peerWithoutSocket('ben').peer];
  ben.gatewayNode = 'b';
  const matched = (peer: Peer) => ({ peer, wishes: WISHES, ticket: { mode: 'text' as const, since: 0 } });
  calls.open([matched(ann), matched(ben)], 'call');
  const ended: string[] = [];
  calls.on({ ended: (call, reason) => void ended.push(`${call.id} ${reason}`) });
  /** What node `b` knows of Ben: his call, if he is there. */
  const atB = { isThere: true, callId: undefined as string | undefined, rejoined: 0, lost: 0 };
  const benAtB = peerWithoutSocket('ben').peer;
  const remote = (): RemoteCall[] =>
    atB.callId === undefined
      ? []
      : [Object.assign(call, { callId: atB.callId, peer: benAtB, owner: 'a' }) as RemoteCall];
  const call = {};
  const none = { all: () => [].values(), of: () => undefined } as never;
  const reportError = (error: unknown): void => {
    throw error;
  };
  new ParticipantReconciliation({
    ...{ ...a, calls, remoteCalls: none, clock, reportError },
    peers: { get: (id) => (id === 'ann' ? ann : undefined) },
  });
  new ParticipantReconciliation({
    ...{ ...b, calls: new Calls(clock), clock, reportError },
    remoteCalls: {
      all: () => remote().values(),
      of: () => remote()[0],
      rejoin: async () => void (atB.rejoined += 1),
      lost: () => void (atB.lost += 1),
    } as never,
    peers: { get: (id) => (id === 'ben' && atB.isThere ? benAtB : undefined) },
  });
  return { clock, a, b, calls, ended, atB };
}

test('M7 [M7.4] whoever is in another call by their gateway is out of this one within two seconds', async () => {
  const { clock, ended, atB } = await scene();
  atB.callId = 'call';
  await clock.advance(5_000);
  expect(ended).toEqual([]);
  // The message that ended the call for its owner was lost.
  atB.callId = 'another call';
  await clock.advance(2_000);
  expect(ended).toEqual(['call lost']);
});

test('M7 a participant who moves to another gateway is not taken out of the call meanwhile', async () => {
  const { clock, ended, atB } = await scene();
  atB.callId = 'call';
  await clock.advance(2_000);
  Object.assign(atB, { isThere: false, callId: undefined });
  await clock.advance(3_000);
  expect(ended).toEqual([]);
  await clock.advance(2_000);
  expect(ended).toEqual(['call lost']);
});

test('M7 [M7.4] an owner that was held up asks about all of its participants at once', async () => {
  const { clock, a, ended, atB } = await scene();
  atB.callId = 'another call';
  a.liveness.host?.onLapse();
  await clock.advance(10);
  expect(ended).toEqual(['call lost']);
});

test('M7 a call that its owner does not know is told to it anew, and lost if that does not help', async () => {
  const { clock, calls, atB } = await scene();
  atB.callId = 'call';
  await clock.advance(2_500);
  expect(atB).toMatchObject({ rejoined: 0, lost: 0 });
  const call = calls.get('call');
  if (call === undefined) throw new Error('there is no call');
  calls.release(call);
  await clock.advance(1_500);
  expect(atB.rejoined).toBeGreaterThan(0);
  expect(atB.lost).toBe(0);
  await clock.advance(4_000);
  expect(atB.lost).toBe(1);
});

test('M9 the messages of reconciliation are parsed where they arrive', () => {
  const participants = [{ callId: 'c', peerId: 'p' }];
  expect(participantsConfirm.data.parse({ participants })).toEqual({ participants });
  expect(participantsReconcile.data.safeParse({ participants: [{}] }).success).toBe(false);
  expect(participantBack.data.safeParse({}).success).toBe(false);
});
