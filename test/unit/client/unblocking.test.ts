import { UNDO_MS, Unblocking } from '../../../client/src/api/unblocking';
import type { Api } from '../../../client/src/api/client';
import { disconnected } from '../../../client/src/engine/refused';

function rehearse() {
  const sent: { userId: string; outlivesPage: boolean }[] = [];
  const fails = new Set<string>();
  const api = {
    ask: (_: string, { at, outlivesPage }: { at: { userId: string }; outlivesPage: boolean }) => {
      sent.push({ userId: at.userId, outlivesPage });
      return fails.has(at.userId) ? Promise.reject(disconnected('away')) : Promise.resolve({});
    },
  } as unknown as Api;
  const unblocking = new Unblocking(api);
  return { unblocking, sent, fails, stateOf: (id: string) => unblocking.getShown().get(id)?.is };
}

describe('A3 taking a block back, and taking that back', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('A3 nothing is sent for as long as it can be undone', () => {
    const { unblocking, sent, stateOf } = rehearse();
    unblocking.begin('ann');
    unblocking.begin('ann');
    jest.advanceTimersByTime(UNDO_MS - 1);
    expect([sent.length, stateOf('ann')]).toEqual([0, 'undoable']);
    jest.advanceTimersByTime(1);
    expect([sent.length, stateOf('ann')]).toEqual([1, 'sent']);
    unblocking.undo('ann');
    expect(stateOf('ann')).toBe('sent');
  });

  it('A3 undone, it never happened', () => {
    const { unblocking, sent, stateOf } = rehearse();
    unblocking.begin('ann');
    jest.advanceTimersByTime(UNDO_MS / 2);
    unblocking.undo('ann');
    jest.advanceTimersByTime(UNDO_MS * 2);
    expect([sent.length, stateOf('ann')]).toEqual([0, undefined]);
  });

  it('A3 goes out at once when the page is left, and outlives it', async () => {
    const { unblocking, sent } = rehearse();
    unblocking.begin('ann');
    unblocking.begin('bob');
    await unblocking.flush();
    expect(sent).toEqual([
      { userId: 'ann', outlivesPage: true },
      { userId: 'bob', outlivesPage: true },
    ]);
    jest.advanceTimersByTime(UNDO_MS * 2);
    expect(sent).toHaveLength(2);
  });

  it('A3 says when it could not be done, and can be tried again', async () => {
    const { unblocking, fails, sent, stateOf } = rehearse();
    fails.add('ann');
    unblocking.begin('ann');
    await unblocking.flush();
    expect(stateOf('ann')).toBe('failed');
    unblocking.begin('ann');
    expect(stateOf('ann')).toBe('undoable');
    expect(sent).toHaveLength(1);
  });

  it('A3 right after blocking it is taken back at once, and a new block counts anew', () => {
    const { unblocking, sent, stateOf } = rehearse();
    unblocking.now('ann');
    expect([sent.length, stateOf('ann')]).toEqual([1, 'sent']);
    unblocking.blockedAgain('ann');
    expect(stateOf('ann')).toBeUndefined();
  });

  it('A2 is nothing to the next person on this computer', () => {
    const { unblocking, sent } = rehearse();
    unblocking.begin('ann');
    unblocking.forget();
    jest.advanceTimersByTime(UNDO_MS);
    expect([sent.length, unblocking.getShown().size]).toEqual([0, 0]);
  });
});
