import { LinePlacement } from '../../../src/app/lines/line-placement';
import type { NodeInfo } from '../../../src/app/cluster/membership';
import { QUIET } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';

const node = (address: string, lines: number, heardAt: number): NodeInfo => ({
  ...QUIET,
  ...{ address, lines, heardAt, incarnation: 1 },
});

async function placementOver(): Promise<{
  readonly clock: ManualClock;
  readonly open: (answer?: Promise<unknown>) => Promise<string>;
  readonly hear: (address: string, lines: number) => void;
}> {
  const clock = new ManualClock();
  const known = new Map<string, NodeInfo>();
  const hear = (address: string, lines: number): void =>
    void known.set(address, node(address, lines, clock.elapsed()));
  hear('a', 0);
  hear('b', 0);
  const membership = {
    self: node('self', 0, clock.elapsed()),
    all: () => [...known.values()],
    on: () => undefined,
  };
  const placement = new LinePlacement({ membership, clock, region: QUIET.region });
  await clock.advance(1);
  const open = (answer?: Promise<unknown>): Promise<string> =>
    placement.place(async (address) => {
      await answer;
      return address;
    });
  return { clock, open, hear };
}

describe('V8 where lines are opened', () => {
  it('V8 a heartbeat that was sent before a line was made does not make it forgotten', async () => {
    const { clock, open, hear } = await placementOver();
    let answer = (): void => undefined;
    const first = open(new Promise<void>((resolve) => (answer = resolve)));
    await clock.advance(5);
    hear('a', 0);
    await clock.advance(5);
    answer();
    expect(await first).toBe('a');
    expect(await open()).toBe('b');
  });

  it('V8 a line is counted once, by the next heartbeat of its node', async () => {
    const { clock, open, hear } = await placementOver();
    expect([await open(), await open()]).toEqual(['a', 'b']);
    await clock.advance(5);
    hear('a', 1);
    expect(await open()).toBe('a');
    expect(await open()).toBe('b');
  });

  it('V8 a line that could not be opened is not counted after the next heartbeat', async () => {
    const { clock, open, hear } = await placementOver();
    await expect(open(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await open()).toBe('b');
    await clock.advance(5);
    hear('a', 0);
    expect(await open()).toBe('a');
  });
});
