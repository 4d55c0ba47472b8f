import { CallRouter } from '../../../src/app/calls/router';
import { Calls } from '../../../src/app/calls/calls';
import { participantCommand, participantLeave, peerMessage } from '../../../src/app/calls/messages';
import { Requeue } from '../../../src/app/calls/requeue';
import { RemoteCalls } from '../../../src/app/calls/remote-calls';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import type { Peer } from '../../../src/app/peers/peer';
import { DomainError } from '../../../src/domain/error';
import { MemoryBusHub } from '../../../src/memory/bus';
import { wishesSchema, type ServerMessage } from '../../../src/protocol';
import { member } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';
import { guest, somebody } from '../../support/people';

const WISHES = wishesSchema.parse({ mode: 'text' });
const partner = { id: 'eve', name: 'Eve' };

/** Ann is seated at `a`; her call is at home at `b`. */
async function scene() {
  const [clock, hub] = [new ManualClock(), new MemoryBusHub()];
  const [a, b] = [await member('a', hub, clock), await member('b', hub, clock)];
  const people = new PeerRegistry(clock, { dropped: 15_000, pageClosed: 4_000 });
  const told: ServerMessage[] = [];
  const socket = { send: (message: ServerMessage) => told.push(message), close: () => undefined };
  const ann = people.register(guest('ann'), somebody('ann').person.allowance, socket);
  const putBack: Peer[] = [];
  const ownerless: string[] = [];
  const requeue = new Requeue(a.messenger);
  requeue.on({ requeued: (peer) => void putBack.push(peer) });
  const remoteCalls = new RemoteCalls({
    ...a,
    peers: people,
    clock,
    lines: { on: () => undefined, lineOf: () => null } as never,
    meter: { begin: () => undefined, end: () => undefined } as never,
    requeue,
    reportError: (error) => void a.faults.push(error),
  });
  remoteCalls.on({ ownerLost: ({ callId }) => void ownerless.push(callId) });
  const enter = (callId: string) => {
    ann.state = { kind: 'in_call', wishes: WISHES, callId, since: 0, owner: 'b' };
    return remoteCalls.add({ callId, peer: ann, partner, wishes: WISHES, since: 0, owner: 'b' });
  };
  const tell = (message: ServerMessage, callId: string): void =>
    b.messenger.notify('a', peerMessage, { peerId: 'ann', callId, message });
  return { clock, hub, a, b, ann, told, putBack, ownerless, remoteCalls, enter, tell };
}

test('S4 [S4.3] who leaves a call that is lost before its home has answered is not put back into the queue', async () => {
  const { clock, b, ann, told, putBack, remoteCalls, enter } = await scene();
  b.messenger.onRequest(participantLeave, () => new Promise(() => undefined));
  const call = enter('call');
  const left = remoteCalls.leave(ann, 'left');
  await clock.advance(100);
  remoteCalls.lost(call);
  expect([ann.state.kind, putBack, told]).toEqual(['idle', [], []]);
  await clock.advance(10_000);
  await left;
  expect(remoteCalls.of(ann)).toBeUndefined();
});

test('S4 [S4.3] who leaves while the home of the call dies leaves it at its next home, which holds no place for them', async () => {
  const { clock, hub, b, ann, remoteCalls, enter } = await scene();
  const c = await member('c', hub, clock);
  const heard: string[] = [];
  c.messenger.onRequest(participantLeave, async ({ callId }) => {
    heard.push(callId);
    return {};
  });
  const call = enter('call');
  b.bus.isCut = true;
  await b.bus.close();
  const left = remoteCalls.leave(ann, 'next');
  await clock.advance(500);
  remoteCalls.ownerChanged(call, 'c');
  await clock.advance(500);
  await left;
  expect(heard).toEqual(['call']);
});

test('S4 of a call that is over here, only its end is still passed on', async () => {
  const { clock, told, remoteCalls, enter, tell } = await scene();
  const call = enter('call');
  const typing: ServerMessage = {
    event: 'partner_state',
    data: { callId: 'call', present: true, microphone: true, camera: true, accepted: true, typing: true },
  };
  tell(typing, 'call');
  await clock.advance(0);
  expect(told).toEqual([typing]);
  remoteCalls.lost(call);
  tell(typing, 'call');
  await clock.advance(0);
  expect(told.slice(1).map(({ event }) => event)).toEqual(['partner_disconnected']);
});

test('R3 [M2.2] whoever blocks in a call that is at home elsewhere never meets the other again, whatever the home answers', async () => {
  const { clock, b, ann, remoteCalls, enter } = await scene();
  b.messenger.onRequest(participantCommand, () =>
    Promise.reject(new DomainError('records_unavailable', 'away', 1_000)),
  );
  enter('call');
  const router = new CallRouter({ calls: new Calls(clock), remoteCalls, commands: {} as never });
  const blocked = router
    .execute(ann, { event: 'block_user', data: { callId: 'call' } })
    .catch((error: unknown) => error);
  await clock.advance(100);
  expect(await blocked).toMatchObject({ code: 'records_unavailable' });
  expect([...ann.blocked]).toEqual(['eve']);
});

test('S4 a node that has just started knows that a home it has never heard of is gone', async () => {
  const { clock, ann, ownerless, remoteCalls, enter } = await scene();
  const call = enter('call');
  remoteCalls.ownerChanged(call, 'died before');
  await remoteCalls.rejoin(call);
  await clock.advance(100);
  expect(ownerless).toEqual(['call']);
  expect(remoteCalls.of(ann)).toBe(call);
});
