import { participantGone, participantsReconcile } from '../../../src/app/calls/messages';
import { DomainError } from '../../../src/domain/error';
import { MemoryBusHub } from '../../../src/memory/bus';
import { member } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';

async function two() {
  const [clock, hub] = [new ManualClock(), new MemoryBusHub()];
  return { clock, hub, a: await member('a', hub, clock), b: await member('b', hub, clock) };
}

const audit = { participants: [{ callId: 'call', peerId: 'ann' }] };

test('V8 a question is answered by the node it is put to, its own included', async () => {
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

test('V8 a refusal comes back with its code; an error is told as ours, and heard of at the node it happened at', async () => {
  const { a, b } = await two();
  b.messenger.onRequest(participantsReconcile, async () => {
    throw new DomainError('stale_call', 'over', 12);
  });
  await expect(a.messenger.request('b', participantsReconcile, audit)).rejects.toMatchObject({
    code: 'stale_call',
    retryAfterMs: 12,
  });
  b.messenger.onRequest(participantsReconcile, async () => {
    throw new Error('a secret of ours');
  });
  const asked = a.messenger.request('b', participantsReconcile, audit);
  await expect(asked).rejects.toMatchObject({ code: 'internal' });
  await expect(asked).rejects.not.toThrow('secret');
  expect(b.faults).toHaveLength(1);
});

test('V8 no answer is a refusal as well: after a while, or as soon as the node is known to be gone', async () => {
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

test('V8 [V8.2] an answer after its time is none, even where a node that stood still hears it before its own timer', async () => {
  const { clock, a, b } = await two();
  let answer: (reply: { unknown: never[] }) => void = () => undefined;
  b.messenger.onRequest(participantsReconcile, () => new Promise((resolve) => (answer = resolve)));
  const asked = a.messenger
    .request('b', participantsReconcile, audit, 1_000)
    .catch((error: unknown) => error);
  await clock.advance(0);
  clock.standStill(2_000);
  answer({ unknown: [] });
  expect(await asked).toMatchObject({ code: 'node_unreachable' });
});

test('V8 texts that are not of the contract harm nobody', async () => {
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
  expect(a.faults.length).toBe(4);
});
