import { AccountEventBus } from '../../../src/app/accounts/account-events';
import { Blocks, type BlocksDeps } from '../../../src/app/accounts/blocks';
import type { Block } from '../../../src/app/accounts/ports/users';
import { LatelyBlocked } from '../../../src/app/accounts/lately-blocked';
import { ManualClock, settle } from '../../support/manual-clock';
import { guest } from '../../support/people';

/** A journal that keeps nothing until it is told to. */
function scene() {
  const clock = new ManualClock();
  const accountEvents = new AccountEventBus();
  const written: string[] = [];
  const unblocked: string[] = [];
  const stored: Block[] = [];
  const reported: unknown[] = [];
  const state = { isSettled: true, blocker: Promise.resolve<unknown>(undefined) };
  let keep: { end: () => void; fail: (error: Error) => void } = {
    end: () => undefined,
    fail: () => undefined,
  };
  const blocks = new Blocks(
    {
      users: {
        unblock: (_: string, otherId: string) => Promise.resolve(unblocked.push(otherId) > 0),
        get: () => Promise.resolve({ blocks: stored }),
      },
      journal: {
        write: (_: unknown, { userId }: { userId: string }) => {
          written.push(userId);
          return new Promise<void>((end, fail) => (keep = { end, fail }));
        },
        settled: () => Promise.resolve(state.isSettled),
      },
      guestPersistence: {
        blockerOf: async ({ userId, name }: { userId: string; name: string }) => {
          await state.blocker;
          return { userId, guestName: name };
        },
      },
      accountEvents,
      clock,
      reportError: (error: unknown) => reported.push(error),
    } as unknown as BlocksDeps,
    accountEvents,
  );
  const lately = new LatelyBlocked(clock, accountEvents);
  const block = (): Promise<boolean> => blocks.block(guest('anna'), { userId: 'ben', name: 'Ben' });
  return {
    clock,
    accountEvents,
    written,
    unblocked,
    stored,
    reported,
    state,
    blocks,
    lately,
    block,
    keep: () => keep,
  };
}

test('O5 A3 [M2.2] a block holds at once and is answered soon, whatever the journal does; what fails later is reported', async () => {
  const { clock, written, reported, lately, block, keep } = scene();
  const answer = block();
  expect(lately.of('anna')).toEqual(['ben']);
  await clock.advance(800);
  expect(await answer).toBe(true);
  expect(written).toEqual(['ben']);
  keep().fail(new Error('closed'));
  await settle();
  expect(reported).toEqual([new Error('closed')]);
});

test('A3 a block that is rejected soon says so, and holds for the visit', async () => {
  const { lately, reported, block, keep } = scene();
  const answer = block();
  await settle();
  keep().fail(new Error('no room'));
  await expect(answer).rejects.toThrow('no room');
  expect(lately.of('anna')).toEqual(['ben']);
  expect(reported).toEqual([]);
});

test('A3 [G1.1] a block is not written for somebody, or about somebody, who was erased meanwhile', async () => {
  for (const erased of ['anna', 'ben']) {
    const { accountEvents, written, state, block } = scene();
    let go: (value: unknown) => void = () => undefined;
    state.blocker = new Promise((resolve) => (go = resolve));
    const answer = block();
    await settle();
    accountEvents.erased(erased);
    go(undefined);
    expect(await answer).toBe(false);
    expect(written).toEqual([]);
  }
});

test('A3 a block is taken back only when none is on its way any more: it would come back', async () => {
  const { clock, unblocked, state, blocks, lately, block, keep } = scene();
  void block();
  await settle();
  const early = blocks.unblock('anna', 'ben').catch((error: unknown) => error);
  await clock.advance(2_000);
  expect(await early).toMatchObject({ code: 'records_unavailable' });
  keep().end();
  await settle();
  state.isSettled = false;
  await expect(blocks.unblock('anna', 'ben')).rejects.toMatchObject({ code: 'records_unavailable' });
  expect([unblocked, lately.of('anna')]).toEqual([[], ['ben']]);
  state.isSettled = true;
  await blocks.unblock('anna', 'ben');
  expect([unblocked, lately.of('anna')]).toEqual([['ben'], []]);
});

test('A3 the list waits for a block whose reply did not wait until it was kept', async () => {
  const { clock, stored, blocks, block, keep } = scene();
  const answer = block();
  await clock.advance(800);
  expect(await answer).toBe(true);
  const list = blocks.list('anna');
  await settle();
  stored.push({ userId: 'ben', name: 'Ben', at: 1 });
  keep().end();
  expect((await list).map(({ userId }) => userId)).toEqual(['ben']);
});

test('A3 the list is given without a block that takes too long', async () => {
  const { clock, blocks, block } = scene();
  void block();
  await settle();
  const list = blocks.list('anna');
  await clock.advance(2_000);
  expect(await list).toEqual([]);
});

test('A3 late blocks are remembered for hours, forgotten with their user, and bounded', async () => {
  const { clock, accountEvents, lately } = scene();
  accountEvents.blocked('anna', 'ben');
  accountEvents.blocked('anna', 'cleo');
  await clock.advance(5 * 3_600_000);
  expect(lately.of('anna')).toEqual(['ben', 'cleo']);
  accountEvents.erased('anna');
  expect(lately.of('anna')).toEqual([]);
  accountEvents.blocked('first', 'ben');
  for (let n = 0; n < 20_000; n++) accountEvents.blocked(`user${n}`, 'ben');
  expect(lately.of('first')).toEqual([]);
  expect(lately.of('user0')).toEqual(['ben']);
});
