import { WayBack, type Steps } from '../../../client/src/app/way-back';

/** The entries of a browser's history; those that `put` makes are ours. */
function history() {
  const entries = ['before', 'page'];
  let index = 1;
  const listeners = new Set<() => void>();
  const back = (): void => {
    index -= 1;
    for (const listener of listeners) listener();
  };
  const steps: Steps = {
    isOurs: () => entries[index] === 'ours',
    put: () => void entries.splice((index += 1), entries.length, 'ours'),
    back,
    onMove: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const go = (entry: string): void => void entries.splice((index += 1), entries.length, entry);
  return { steps, back, go, now: () => entries[index], entries };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('C2 the step back', () => {
  it('C2 asks in a call, and leads to its beginning when asked for again', () => {
    const { steps, back, now } = history();
    const answers = [false, true];
    const way = new WayBack(steps, () => {
      const leaves = answers.shift() === true;
      if (leaves) way.inside(false);
      return leaves;
    });
    way.inside(true);
    back();
    expect([now(), answers.length]).toEqual(['ours', 1]);
    back();
    jest.runAllTimers();
    expect([now(), answers.length]).toEqual(['page', 0]);
  });

  it('C2 leaves nothing in the history when a call ends in another way', () => {
    const { steps, now } = history();
    const way = new WayBack(steps, () => true);
    way.inside(true);
    way.inside(false);
    jest.runAllTimers();
    expect(now()).toBe('page');
    way.inside(true);
    expect(now()).toBe('ours');
  });

  it('C2 does not take back a page that was gone to in the same turn', () => {
    const { steps, go, now } = history();
    const way = new WayBack(steps, () => true);
    way.inside(true);
    way.inside(false);
    go('plans');
    jest.runAllTimers();
    expect(now()).toBe('plans');
  });

  it('C2 after a reload in a call the entry that is there is enough, and closed it listens no longer', () => {
    const { steps, back, entries } = history();
    steps.put();
    const way = new WayBack(steps, () => false);
    way.inside(true);
    expect(entries.filter((entry) => entry === 'ours')).toHaveLength(1);
    way.close();
    back();
    expect(steps.isOurs()).toBe(false);
  });
});
