import { UNDO_MS, PendingUnblocks } from '../../../client/src/api/pending-unblocks';
import type { ApiClient } from '../../../client/src/api/api-client';
import { disconnected } from '../../../client/src/errors/request-error';

function rehearse() {
  const sent: { userId: string; outlivesPage: boolean }[] = [];
  const fails = new Set<string>();
  const api = {
    request: (_: string, { at, outlivesPage }: { at: { userId: string }; outlivesPage: boolean }) => {
      sent.push({ userId: at.userId, outlivesPage });
      return fails.has(at.userId) ? Promise.reject(disconnected('away')) : Promise.resolve({});
    },
  } as unknown as ApiClient;
  const pendingUnblocks = new PendingUnblocks(api);
  return { pendingUnblocks, sent, fails, stateOf: (id: string) => pendingUnblocks.getShown().get(id)?.is };
}

describe('A3 taking a block back, and taking that back', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('A3 nothing is sent for as long as it can be undone', () => {
    const { pendingUnblocks, sent, stateOf } = rehearse();
    pendingUnblocks.begin('ann');
    pendingUnblocks.begin('ann');
    jest.advanceTimersByTime(UNDO_MS - 1);
    expect([sent.length, stateOf('ann')]).toEqual([0, 'undoable']);
    jest.advanceTimersByTime(1);
    expect([sent.length, stateOf('ann')]).toEqual([1, 'sent']);
    pendingUnblocks.undo('ann');
    expect(stateOf('ann')).toBe('sent');
  });

  it('A3 undone, it never happened', () => {
    const { pendingUnblocks, sent, stateOf } = rehearse();
    pendingUnblocks.begin('ann');
    jest.advanceTimersByTime(UNDO_MS / 2);
    pendingUnblocks.undo('ann');
    jest.advanceTimersByTime(UNDO_MS * 2);
    expect([sent.length, stateOf('ann')]).toEqual([0, undefined]);
  });

  it('A3 goes out at once when the page is left, and outlives it', async () => {
    const { pendingUnblocks, sent } = rehearse();
    pendingUnblocks.begin('ann');
    pendingUnblocks.begin('bob');
    await pendingUnblocks.flush();
    expect(sent).toEqual([
      { userId: 'ann', outlivesPage: true },
      { userId: 'bob', outlivesPage: true },
    ]);
    jest.advanceTimersByTime(UNDO_MS * 2);
    expect(sent).toHaveLength(2);
  });

  it('A3 says when it could not be done, and can be tried again', async () => {
    const { pendingUnblocks, fails, sent, stateOf } = rehearse();
    fails.add('ann');
    pendingUnblocks.begin('ann');
    await pendingUnblocks.flush();
    expect(stateOf('ann')).toBe('failed');
    pendingUnblocks.begin('ann');
    expect(stateOf('ann')).toBe('undoable');
    expect(sent).toHaveLength(1);
  });

  it('A3 right after blocking it is taken back at once, and a new block counts anew', () => {
    const { pendingUnblocks, sent, stateOf } = rehearse();
    pendingUnblocks.now('ann');
    expect([sent.length, stateOf('ann')]).toEqual([1, 'sent']);
    pendingUnblocks.blockedAgain('ann');
    expect(stateOf('ann')).toBeUndefined();
  });

  it('A2 is nothing to the next person on this computer', () => {
    const { pendingUnblocks, sent } = rehearse();
    pendingUnblocks.begin('ann');
    pendingUnblocks.forget();
    jest.advanceTimersByTime(UNDO_MS);
    expect([sent.length, pendingUnblocks.getShown().size]).toEqual([0, 0]);
  });
});
