import { HistoryGuard, type HistoryEntries } from '../../../client/src/chat/history/history-guard';

type Entry = ReturnType<HistoryEntries['current']> | 'before' | 'plans';

/** A browser's history: another site's page, then ours. Moving within it takes a moment, as in a browser. */
function history() {
  const entries: Entry[] = ['before', 'elsewhere'];
  let index = 1;
  const listeners = new Set<() => void>();
  const at = (): Entry | undefined => entries[index];
  /** Adds an entry, as a link does: what lay ahead is gone. */
  const go = (entry: Entry): void => void entries.splice((index += 1), entries.length, entry);
  const move = (by: number): void => {
    index += by;
    for (const listener of [...listeners]) listener();
  };
  const back = jest.fn(() => void setTimeout(() => move(-1)));
  const historyEntries: HistoryEntries = {
    current: () => {
      const entry = at();
      return entry === 'inside' || entry === 'below' ? entry : 'elsewhere';
    },
    push: () => {
      entries[index] = 'below';
      go('inside');
    },
    back,
    onPopState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  /** The person presses Back, and whatever follows from it happens. */
  const pressBack = (): void => {
    move(-1);
    jest.runAllTimers();
  };
  return { historyEntries, pressBack, pressForward: () => move(1), go, at, entries, back };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('C2 the step back', () => {
  it('C2 asks in a call, and leads to its beginning when asked for again', () => {
    const { historyEntries, pressBack, at } = history();
    const answers = [false, true];
    const guard = new HistoryGuard(historyEntries, () => {
      const leaves = answers.shift() === true;
      if (leaves) guard.inside(false);
      return leaves;
    });
    guard.inside(true);
    pressBack();
    expect([at(), answers.length]).toEqual(['inside', 1]);
    pressBack();
    expect([at(), answers.length]).toEqual(['below', 0]);
  });

  it('C2 a call that ends in another way moves nothing, so that no page one is on the way to is stopped', () => {
    const { historyEntries, back, at } = history();
    const guard = new HistoryGuard(historyEntries, () => true);
    guard.inside(true);
    guard.inside(false);
    jest.runAllTimers();
    expect([at(), back.mock.calls]).toEqual(['inside', []]);
  });

  it('C2 after a call one Back leads out of the page, however many calls there were', () => {
    const { historyEntries, pressBack, at, entries } = history();
    const guard = new HistoryGuard(historyEntries, () => true);
    for (const isInside of [true, false, true, false, true, false]) guard.inside(isInside);
    expect(entries).toEqual(['before', 'below', 'inside']);
    pressBack();
    expect(at()).toBe('before');
  });

  it('C2 from a page that was gone to after a call Back leads to where the call was, then out', () => {
    const { historyEntries, pressBack, go, at } = history();
    const guard = new HistoryGuard(historyEntries, () => true);
    guard.inside(true);
    guard.inside(false);
    go('plans');
    jest.runAllTimers();
    expect(at()).toBe('plans');
    pressBack();
    expect(at()).toBe('inside');
    pressBack();
    expect(at()).toBe('before');
  });

  it('C2 coming forward again to where a call began is no step out', () => {
    const { historyEntries, pressBack, pressForward, at, back } = history();
    const guard = new HistoryGuard(historyEntries, () => true);
    guard.inside(true);
    guard.inside(false);
    pressBack();
    back.mockClear();
    pressForward();
    jest.runAllTimers();
    expect([at(), back.mock.calls]).toEqual(['below', []]);
  });

  it('C2 after a reload in a call the entry that is there is enough, and closed it listens no longer', () => {
    const { historyEntries, pressBack, entries, at, back } = history();
    historyEntries.push();
    const guard = new HistoryGuard(historyEntries, () => false);
    guard.inside(true);
    expect(entries.filter((entry) => entry === 'inside')).toHaveLength(1);
    guard.close();
    pressBack();
    expect([at(), back.mock.calls]).toEqual(['below', []]);
  });
});
