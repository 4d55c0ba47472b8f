import { participantsReconcile } from '../../../src/app/calls/messages';
import { NOWHERE } from '../../../src/app/calls/remote-peer';
import { RemoteCalls } from '../../../src/app/calls/remote-calls';
import { Requeue } from '../../../src/app/calls/requeue';
import { PeerRegistry } from '../../../src/app/peers/peer-registry';
import { CallBridges } from '../../../src/app/lines/call-bridges';
import { momentOf, storedFor } from '../../../src/app/ports/ages';
import { MemoryBusHub } from '../../../src/memory/bus';
import { MemoryLeaseStore } from '../../../src/memory/lease-store';
import { MemoryLivenessHub } from '../../../src/memory/node-liveness';
import { LogRewriter } from '../../../src/records/embedded/log-rewriter';
import { wishesSchema } from '../../../src/protocol';
import { clusterNode } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';
import { guest, peerWithoutSocket } from '../../support/people';

const HOUR = 3_600_000;
const JUMPS = [
  ['back', -HOUR],
  ['on', HOUR],
] as const;

async function two() {
  const [clock, hub, signs] = [new ManualClock(), new MemoryBusHub(), new MemoryLivenessHub()];
  const a = await clusterNode('a', hub, clock, signs);
  const b = await clusterNode('b', hub, clock, signs);
  await clock.advance(2_000);
  return { clock, a, b };
}

describe.each(JUMPS)('the clock of the machine is set %s by an hour', (_, jump) => {
  test('V8 [V8.4] nobody is taken for dead, and a node that dies then is noticed as soon as ever', async () => {
    const { clock, a, b } = await two();
    clock.jump(jump);
    await clock.advance(3_000);
    expect([a.died, b.died, a.membership.hears]).toEqual([[], [], true]);
    b.bus.isMute = true;
    Object.assign(b.liveness, { send: () => undefined });
    await clock.advance(5_000);
    expect(a.died).toEqual(['b']);
  });

  test('V8 a reply that comes in time counts, and a request without one ends in time', async () => {
    const { clock, a, b } = await two();
    let reply = (): void => undefined;
    b.messenger.onRequest(
      participantsReconcile,
      () => new Promise((resolve) => (reply = () => resolve({ unknown: [] }))),
    );
    const answered = a.messenger.request('b', participantsReconcile, { participants: [] });
    await clock.advance(10);
    clock.jump(jump);
    reply();
    expect(await answered).toEqual({ unknown: [] });
    const unanswered = a.messenger.request('b', participantsReconcile, { participants: [] });
    const rejected = expect(unanswered).rejects.toMatchObject({ code: 'node_unreachable' });
    clock.jump(jump);
    await clock.advance(4_000);
    await rejected;
  });

  test('V8 a request about a call that no node owns is repeated for a second, and then ends', async () => {
    const { clock, a } = await two();
    const peers = new PeerRegistry(clock, { dropped: 15_000, pageClosed: 4_000 });
    const socket = { send: () => undefined, close: () => undefined };
    const peer = peers.register(guest('ann'), peerWithoutSocket('ann').peer.allowance, socket);
    const remoteCalls = new RemoteCalls({
      ...a,
      ...{ peers, clock, requeue: new Requeue(a.messenger) },
      lines: { on: () => undefined, lineOf: () => null } as never,
      meter: { begin: () => undefined, end: () => undefined } as never,
      reportError: (error) => {
        throw error;
      },
    });
    const wishes = wishesSchema.parse({ mode: 'text' });
    const partner = { id: 'eve', name: 'Eve' };
    remoteCalls.add({ callId: 'call', peer, partner, wishes, since: 0, owner: NOWHERE, announced: true });
    let outcome = 'waits';
    void remoteCalls.forward(peer, 'call', 'typing', {}).then(
      () => (outcome = 'answered'),
      () => (outcome = 'rejected'),
    );
    await clock.advance(500);
    clock.jump(jump);
    await clock.advance(400);
    expect(outcome).toBe('waits');
    await clock.advance(400);
    expect(outcome).toBe('rejected');
  });

  test('M9 [V8.4] a lease lasts as long as it was given for', async () => {
    const clock = new ManualClock();
    const leases = new MemoryLeaseStore(clock);
    await leases.take('key', 'a', { ttlMs: 2_000 });
    clock.jump(jump);
    await clock.advance(1_999);
    expect((await leases.take('key', 'b', { ttlMs: 2_000 })).holder).toBe('a');
    await clock.advance(1);
    expect((await leases.take('key', 'b', { ttlMs: 2_000 })).holder).toBe('b');
  });

  test('V8 what another node has stored is as old as both clocks can agree on', () => {
    const clock = new ManualClock();
    expect(storedFor(clock, clock.now() - 4_000, 60_000)).toBe(4_000);
    const storedAt = clock.now();
    clock.jump(jump);
    expect(storedFor(clock, storedAt, 60_000)).toBe(0);
    expect(momentOf(clock, 8_000)).toBe(-1_000);
  });

  test('G1 a log that could not be rewritten is rewritten a minute later', async () => {
    const clock = new ManualClock();
    let attempts = 0;
    const rewriter = new LogRewriter({
      ...{ collection: 'users', clock, hasDeadLines: false, isMostlyDead: () => false },
      log: { info: () => undefined, warn: () => undefined },
      rewrite: () => {
        attempts += 1;
        return attempts === 1 ? Promise.reject(new Error('the disk is full')) : Promise.resolve(1);
      },
    });
    rewriter.died(true);
    await clock.advance(3_000);
    expect(attempts).toBe(1);
    clock.jump(jump);
    rewriter.look();
    await clock.advance(59_000);
    expect(attempts).toBe(1);
    await clock.advance(2_000);
    expect(attempts).toBe(2);
    await rewriter.close();
  });
});

test('V1 the bridge of a call that was taken over is newer than the one before, though the clock is behind', async () => {
  const clock = new ManualClock();
  const generations: number[] = [];
  const createBridge = ({ generation }: { generation: number }) => {
    generations.push(generation);
    return Promise.resolve({ media: [] });
  };
  const bridges = new CallBridges({
    clock,
    messenger: { onNotification: () => undefined } as never,
    nodes: () => ({ createBridge }) as never,
    lines: {
      readyLine: (peerId: string) => ({ lineId: peerId, node: 'a', router: 'r', ready: true }),
    } as never,
  });
  const before = clock.now() + HOUR;
  bridges.goOnFrom(before);
  await bridges.create('call', ['ann', 'bob'], ['microphone']);
  expect(generations[0]).toBeGreaterThan(before);
  expect(bridges.generationOf('call')).toBe(generations[0]);
});
