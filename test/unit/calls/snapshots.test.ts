import { Calls } from '../../../src/app/calls/calls';
import { callKey, CallSnapshots, type CallSnapshotsDeps } from '../../../src/app/calls/snapshots';
import { wishesSchema } from '../../../src/protocol';
import { ManualClock, settle } from '../../support/manual-clock';
import { peerWithoutSocket } from '../../support/people';
import { ticket } from '../../support/tickets';

/** A lease store whose writes a test settles. */
class HeldStore {
  readonly writes: { readonly resolve: (lost: string[]) => void; readonly reject: (error: Error) => void }[] =
    [];

  renew = (): Promise<string[]> =>
    new Promise((resolve, reject) => void this.writes.push({ resolve, reject }));
  find = (): Promise<null> => Promise.resolve(null);
  release = (): Promise<void> => Promise.resolve();
}

function scene() {
  const clock = new ManualClock();
  const store = new HeldStore();
  const calls = new Calls(clock);
  const reported: unknown[] = [];
  const snapshots = new CallSnapshots({
    leases: store,
    calls,
    lines: { lineOf: () => null, remoteLine: () => null },
    bridges: { flowing: () => null, generationOf: () => 7 },
    messenger: { self: 'a node', on: () => undefined },
    membership: { on: () => undefined },
    clock,
    reportError: (error: unknown) => void reported.push(error),
  } as unknown as CallSnapshotsDeps);
  const wishes = wishesSchema.parse({ mode: 'text' });
  const matched = (id: string) => ({
    peer: peerWithoutSocket(id).peer,
    wishes,
    ticket: ticket(id, { mode: 'text' }),
  });
  const call = calls.open([matched('ann'), matched('bob')]);
  return { clock, store, calls, snapshots, call, reported };
}

/** What has become of a promise so far. */
function outcomeOf(promise: Promise<void>): { now: string } {
  const outcome = { now: 'waits' };
  promise.then(
    () => (outcome.now = 'kept'),
    (error: unknown) => (outcome.now = error instanceof Error ? error.message : 'rejected'),
  );
  return outcome;
}

test('S8 a call counts as kept when the write that began after the change has ended, and not before', async () => {
  const { snapshots, store, call } = scene();
  await settle();
  // This write began before the change.
  expect(store.writes).toHaveLength(1);
  const kept = outcomeOf(snapshots.kept(call));
  store.writes[0]?.resolve([]);
  await settle();
  expect(kept.now).toBe('waits');
  store.writes[1]?.resolve([]);
  await settle();
  expect(kept.now).toBe('kept');
});

test('S8 nothing counts as kept once another node owns the call', async () => {
  const { snapshots, store, calls, call } = scene();
  await settle();
  store.writes[0]?.resolve([]);
  const kept = outcomeOf(snapshots.kept(call));
  await settle();
  store.writes[1]?.resolve([callKey(call.id)]);
  await settle();
  expect(kept.now).toBe('another node owns that call by now');
  expect(calls.get(call.id)).toBeUndefined();
});

test('S8 a store that does not answer holds up one reply for a second, and no other until it answers again', async () => {
  const { snapshots, store, clock, call } = scene();
  await settle();
  store.writes[0]?.resolve([]);
  const first = outcomeOf(snapshots.kept(call));
  await clock.advance(999);
  expect(first.now).toBe('waits');
  await clock.advance(1);
  expect(first.now).toBe('kept');
  const second = outcomeOf(snapshots.kept(call));
  await settle();
  expect(second.now).toBe('kept');
  store.writes[2]?.resolve([]);
  await settle();
  const third = outcomeOf(snapshots.kept(call));
  await settle();
  expect(third.now).toBe('waits');
  store.writes[3]?.resolve([]);
  await settle();
  expect(third.now).toBe('kept');
});

test('S8 a write that fails is reported, and holds up nothing', async () => {
  const { snapshots, store, call, reported } = scene();
  await settle();
  store.writes[0]?.resolve([]);
  const kept = outcomeOf(snapshots.kept(call));
  await settle();
  store.writes[1]?.reject(new Error('the store is away'));
  await settle();
  expect(kept.now).toBe('kept');
  expect(reported).toEqual([new Error('the store is away')]);
});

test('S8 who waits for a write when the node closes is not left waiting', async () => {
  const { snapshots, call, clock } = scene();
  const kept = outcomeOf(snapshots.kept(call));
  const before = clock.pending;
  snapshots.close();
  await settle();
  expect(kept.now).toBe('kept');
  expect(clock.pending).toBeLessThan(before);
});

test('S8 a write that failed is made again, until the store has all calls as they are', async () => {
  const { snapshots, store, clock, call } = scene();
  await settle();
  store.writes[0]?.reject(new Error('away'));
  await clock.advance(499);
  expect(store.writes).toHaveLength(1);
  await clock.advance(1);
  await settle();
  expect(store.writes).toHaveLength(2);
  store.writes[1]?.reject(new Error('still away'));
  await clock.advance(500);
  await settle();
  expect(store.writes).toHaveLength(3);
  store.writes[2]?.resolve([]);
  await clock.advance(2_000);
  expect(store.writes).toHaveLength(3);
  const kept = outcomeOf(snapshots.kept(call));
  await settle();
  store.writes[3]?.reject(new Error('away again'));
  await settle();
  snapshots.close();
  await clock.advance(2_000);
  expect(store.writes).toHaveLength(4);
  expect(kept.now).toBe('kept');
});
