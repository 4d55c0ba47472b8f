import { CallRouter } from '../../../src/app/calls/router';
import { Calls } from '../../../src/app/calls/calls';
import {
  participantBack,
  participantCommand,
  participantLeave,
  peerMessage,
} from '../../../src/app/calls/messages';
import { Requeue } from '../../../src/app/calls/requeue';
import { RemoteCalls } from '../../../src/app/calls/remote-calls';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import type { Peer } from '../../../src/app/peers/peer';
import { declaredDead } from '../../../src/app/cluster/membership';
import { DomainError } from '../../../src/domain/error';
import { MemoryBusHub } from '../../../src/memory/bus';
import { wishesSchema, type ServerMessage } from '../../../src/protocol';
import { clusterNode } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';
import { guest, peerWithoutSocket } from '../../support/people';

const WISHES = wishesSchema.parse({ mode: 'text' });
const partner = { id: 'eve', name: 'Eve' };

/** Ann's gateway node is `a`; the owner node of her call is `b`. */
async function scene() {
  const [clock, hub] = [new ManualClock(), new MemoryBusHub()];
  const [a, b] = [await clusterNode('a', hub, clock), await clusterNode('b', hub, clock)];
  const peers = new PeerRegistry(clock, { dropped: 15_000, pageClosed: 4_000 });
  const sent: ServerMessage[] = [];
  const socket = { send: (message: ServerMessage) => sent.push(message), close: () => undefined };
  const ann = peers.register(guest('ann'), peerWithoutSocket('ann').peer.allowance, socket);
  const putBack: Peer[] = [];
  const ownerless: string[] = [];
  const requeue = new Requeue(a.messenger);
  requeue.on({ requeued: (peer) => void putBack.push(peer) });
  const remoteCalls = new RemoteCalls({
    ...a,
    peers,
    clock,
    lines: { on: () => undefined, lineOf: () => null } as never,
    meter: { begin: () => undefined, end: () => undefined } as never,
    requeue,
    reportError: (error) => void a.errors.push(error),
  });
  remoteCalls.on({ ownerLost: ({ callId }) => void ownerless.push(callId) });
  const enter = (callId: string) => {
    ann.state = { kind: 'in_call', wishes: WISHES, callId, since: 0, owner: 'b' };
    return remoteCalls.add({
      callId,
      peer: ann,
      partner,
      wishes: WISHES,
      since: 0,
      owner: 'b',
      announced: true,
    });
  };
  const send = (message: ServerMessage, callId: string): void =>
    b.messenger.notify('a', peerMessage, { peerId: 'ann', callId, message });
  return { clock, hub, a, b, ann, sent, putBack, ownerless, remoteCalls, enter, send };
}

test('S4 [S4.3] a peer that leaves a call which is lost before its owner node answers is not put back into the queue', async () => {
  const { clock, b, ann, sent, putBack, remoteCalls, enter } = await scene();
  b.messenger.onRequest(participantLeave, () => new Promise(() => undefined));
  const call = enter('call');
  const left = remoteCalls.leave(ann, 'left');
  await clock.advance(100);
  remoteCalls.lost(call);
  expect([ann.state.kind, putBack, sent]).toEqual(['idle', [], []]);
  await clock.advance(10_000);
  await left;
  expect(remoteCalls.of(ann)).toBeUndefined();
});

test('S4 [S4.3] a leave sent while the owner node dies is retried at the next owner', async () => {
  const { clock, hub, b, ann, remoteCalls, enter } = await scene();
  const c = await clusterNode('c', hub, clock);
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

test('P2 a plan that ends while the owner does not answer ends the call for the peer, tells them, and costs no skip', async () => {
  const { clock, b, ann, sent, remoteCalls, enter } = await scene();
  b.messenger.onRequest(participantLeave, () => Promise.reject(new DomainError('stale_call', 'unknown')));
  enter('call');
  const left = remoteCalls.leave(ann, 'plan_over');
  await clock.advance(1_000);
  await left;
  expect(ann.state.kind).toBe('idle');
  expect(ann.endedLastCall).toBe(false);
  expect(sent).toEqual([{ event: 'partner_disconnected', data: { callId: 'call', reason: 'plan_over' } }]);
});

test('S1 a late cancel of the search does not end a call that the peer was told of at their former gateway', async () => {
  const { clock, ann, remoteCalls, enter } = await scene();
  enter('call');
  const router = new CallRouter({
    calls: new Calls(clock),
    remoteCalls,
    commands: {} as never,
    pastCalls: {} as never,
    clock,
    reportError: () => undefined,
  });
  expect(await router.leaveUnannounced(ann)).toBe(false);
  expect(remoteCalls.of(ann)).toBeDefined();
});

test('S4 of a call that is over on this node, only its end is still passed on', async () => {
  const { clock, sent, remoteCalls, enter, send } = await scene();
  const call = enter('call');
  const typing: ServerMessage = {
    event: 'partner_state',
    data: { callId: 'call', present: true, microphone: true, camera: true, accepted: true, typing: true },
  };
  send(typing, 'call');
  await clock.advance(0);
  expect(sent).toEqual([typing]);
  remoteCalls.lost(call);
  send(typing, 'call');
  await clock.advance(0);
  expect(sent.slice(1).map(({ event }) => event)).toEqual(['partner_disconnected']);
});

test('R3 [M2.2] a block in a call of another owner node keeps the two apart, whatever the owner answers', async () => {
  const { clock, b, ann, remoteCalls, enter } = await scene();
  b.messenger.onRequest(participantCommand, () =>
    Promise.reject(new DomainError('records_unavailable', 'away', 1_000)),
  );
  enter('call');
  const router = new CallRouter({
    calls: new Calls(clock),
    remoteCalls,
    commands: {} as never,
    pastCalls: {} as never,
    clock,
    reportError: () => undefined,
  });
  const blocked = router
    .execute(ann, { event: 'block_user', data: { callId: 'call' } })
    .catch((error: unknown) => error);
  await clock.advance(100);
  expect(await blocked).toMatchObject({ code: 'records_unavailable' });
  expect([...ann.blocked]).toEqual(['eve']);
});

test('O5 [M2.2] a block is answered at once and holds where the owner node does not answer', async () => {
  const { clock, b, ann, remoteCalls, enter } = await scene();
  b.messenger.onRequest(participantCommand, () => new Promise(() => undefined));
  enter('call');
  const router = new CallRouter({
    ...{ calls: new Calls(clock), remoteCalls, commands: {} as never, clock },
    pastCalls: { execute: () => Promise.resolve({}) },
    reportError: () => undefined,
  });
  let isAnswered = false;
  void router.execute(ann, { event: 'block_user', data: { callId: 'call' } }).then(() => (isAnswered = true));
  await clock.advance(1_000);
  expect(isAnswered).toBe(true);
  expect([...ann.blocked]).toEqual(['eve']);
  // For Ann the call is over, though its owner has not heard of it.
  const chat = { event: 'chat_message', data: { callId: 'call', id: 'after', text: 'still here?' } } as const;
  await expect(router.execute(ann, chat)).rejects.toMatchObject({ code: 'no_call' });
});

test('S4 a node that has just started takes an unknown owner node as gone', async () => {
  const { clock, ann, ownerless, remoteCalls, enter } = await scene();
  const call = enter('call');
  remoteCalls.ownerChanged(call, 'died before');
  await remoteCalls.rejoin(call);
  await clock.advance(100);
  expect(ownerless).toEqual(['call']);
  expect(remoteCalls.of(ann)).toBe(call);
});

test('S8 [S8.1] after it was held up a node tells the owner of a call until the owner answers, and then no more', async () => {
  const { clock, b, enter } = await scene();
  let asked = 0;
  b.messenger.onRequest(participantBack, async () => {
    asked += 1;
    if (asked < 3) throw new DomainError('node_unreachable', 'the bus is not whole yet', 1_000);
    return { known: true, connectedAt: null };
  });
  enter('call');
  // Twice, as when the bus comes back while this goes on: one line of questions is enough.
  for (const incarnation of [0, 1]) b.messenger.notify('a', declaredDead, { incarnation });
  await clock.advance(5_000);
  expect(asked).toBe(3);
});
