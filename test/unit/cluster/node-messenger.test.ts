import { participantGone, participantsReconcile } from '../../../src/app/calls/messages';
import { DomainError } from '../../../src/domain/error';
import { NodeMessenger } from '../../../src/app/cluster/node-messenger';
import type { BusListener } from '../../../src/app/ports/bus';
import { MemoryBus, MemoryBusHub } from '../../../src/memory/bus';
import { clusterNode } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';

async function two() {
  const [clock, hub] = [new ManualClock(), new MemoryBusHub()];
  return { clock, hub, a: await clusterNode('a', hub, clock), b: await clusterNode('b', hub, clock) };
}

const audit = { participants: [{ callId: 'call', peerId: 'ann' }] };

test('V8 a request is answered by the node it is sent to, the sender itself included', async () => {
  const { a, b } = await two();
  b.messenger.onRequest(participantsReconcile, async ({ participants }, from) => ({
    unknown: participants.map(({ callId }) => ({ callId, peerId: from })),
  }));
  a.messenger.onRequest(participantsReconcile, async () => ({ unknown: [] }));
  expect(await a.messenger.request('b', participantsReconcile, audit)).toEqual({
    unknown: [{ callId: 'call', peerId: 'a' }],
  });
  expect(await a.messenger.request('a', participantsReconcile, audit)).toEqual({ unknown: [] });
});

test('V8 a DomainError comes back with its code; any other error comes back as internal, and is reported at its node', async () => {
  const { a, b } = await two();
  let thrown: Error = new DomainError('stale_call', 'over', 12);
  b.messenger.onRequest(participantsReconcile, async () => {
    throw thrown;
  });
  await expect(a.messenger.request('b', participantsReconcile, audit)).rejects.toMatchObject({
    code: 'stale_call',
    retryAfterMs: 12,
  });
  thrown = new Error('a secret of ours');
  const reply = a.messenger.request('b', participantsReconcile, audit);
  await expect(reply).rejects.toMatchObject({ code: 'internal' });
  await expect(reply).rejects.not.toThrow('secret');
  expect(b.errors).toHaveLength(1);
});

test('V8 a second handler of one message is a mistake of the wiring', async () => {
  const { a } = await two();
  a.messenger.onRequest(participantsReconcile, async () => ({ unknown: [] }));
  expect(() => a.messenger.onRequest(participantsReconcile, async () => ({ unknown: [] }))).toThrow(
    'already',
  );
  a.messenger.onNotification(participantGone, () => undefined);
  expect(() => a.messenger.onNotification(participantGone, () => undefined)).toThrow('already');
});

test('V8 a request without a reply fails as well: after a while, or as soon as the node is known to be gone', async () => {
  const { clock, a, b } = await two();
  b.messenger.onRequest(participantsReconcile, () => new Promise(() => undefined));
  const late = a.messenger.request('b', participantsReconcile, audit).catch((error: unknown) => error);
  await clock.advance(10_000);
  expect(await late).toMatchObject({ code: 'node_unreachable' });
  const gone = a.messenger.request('b', participantsReconcile, audit).catch((error: unknown) => error);
  a.messenger.forgetNode('b');
  expect(await gone).toMatchObject({ code: 'node_unreachable' });
  const nobody = a.messenger.request('nobody', participantsReconcile, audit);
  await expect(nobody).rejects.toMatchObject({ code: 'node_unreachable' });
});

test('V8 [V8.2] a reply after its deadline is discarded, even when a paused node receives it before its own timer', async () => {
  const { clock, a, b } = await two();
  let answer: (reply: { unknown: never[] }) => void = () => undefined;
  b.messenger.onRequest(participantsReconcile, () => new Promise((resolve) => (answer = resolve)));
  const reply = a.messenger
    .request('b', participantsReconcile, audit, 1_000)
    .catch((error: unknown) => error);
  await clock.advance(0);
  clock.standStill(2_000);
  answer({ unknown: [] });
  expect(await reply).toMatchObject({ code: 'node_unreachable' });
});

test('V8 texts that do not fit the contract do no harm', async () => {
  const { hub, clock, a, b } = await two();
  a.messenger.onNotification(participantGone, () => undefined);
  for (const text of [
    '',
    'null',
    '{}',
    '{"kind":"notification","from":"b","name":"participant_gone","data":{"callId":7}}',
  ]) {
    hub.post('a', text);
  }
  hub.post('a', JSON.stringify({ kind: 'notification', from: 'b', name: 'of a later version', data: {} }));
  hub.post('a', JSON.stringify({ kind: 'reply', from: 'b', id: 999, data: {} }));
  await clock.advance(10);
  a.messenger.onRequest(participantsReconcile, async () => ({ unknown: [] }));
  expect(await b.messenger.request('a', participantsReconcile, audit)).toEqual({ unknown: [] });
  expect(a.errors.length).toBe(4);
});

test('V8 a bus that goes away while a node starts is waited for, and not for ever', async () => {
  const clock = new ManualClock();
  class LateBus extends MemoryBus {
    isAway = true;

    override listen(listener: BusListener): Promise<void> {
      return this.isAway ? Promise.reject(new Error('the bus is away')) : super.listen(listener);
    }
  }
  const started = async (awayMs: number): Promise<string> => {
    const bus = new LateBus('late', new MemoryBusHub());
    const messenger = new NodeMessenger({ bus, clock, reportError: () => undefined });
    const outcome = messenger.open().then(
      () => 'open',
      (error: unknown) => String(error),
    );
    await clock.advance(awayMs);
    bus.isAway = false;
    await clock.advance(500);
    return Promise.race([outcome, Promise.resolve('waits')]);
  };
  expect(await started(3_000)).toBe('open');
  expect(await started(11_000)).toBe('Error: the bus is away');
});
