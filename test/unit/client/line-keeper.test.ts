/// <reference lib="dom" />
import { LineKeeper } from '../../../client/src/engine/line-keeper';
import type { OwnDevices } from '../../../client/src/engine/own-devices';
import { OwnLine, loadDevice } from '../../../client/src/engine/own-line';
import type { Signal } from '../../../client/src/engine/signal';
import type { ServerData } from '../../../src/protocol';
import { installBrowserDoubles, type BrowserDoubles } from './browser-doubles';

jest.mock('../../../client/src/engine/own-line', () => ({
  OwnLine: { open: jest.fn() },
  loadDevice: jest.fn(),
}));

let browser: BrowserDoubles;
const open = jest.mocked(OwnLine.open);
beforeEach(() => {
  jest.useFakeTimers();
  browser = installBrowserDoubles();
  open.mockReset();
  jest.mocked(loadDevice).mockResolvedValue({} as Awaited<ReturnType<typeof loadDevice>>);
});
afterEach(() => {
  browser.restore();
  jest.useRealTimers();
});

const greeting = () =>
  ({
    resumed: false,
    iceServers: [],
    plan: { plan: { maxKbps: 1500 } },
  }) as unknown as ServerData<'connected'>;

function rehearse() {
  const news: string[] = [];
  const socket = { isOpen: true };
  const keeper = new LineKeeper(socket as unknown as Signal, { track: () => ({}) } as unknown as OwnDevices, {
    unavailable: () => news.push('unavailable'),
    restored: () => news.push('restored'),
  });
  return { keeper, socket, news };
}

const stands = (): Awaited<ReturnType<typeof OwnLine.open>> =>
  ({ id: 'line', closed: false, close: () => undefined }) as unknown as OwnLine;

describe('S5 a line that cannot be made', () => {
  it('S5 is tried longer and longer, then said, and taken back when a line stands', async () => {
    open.mockRejectedValue(new Error('no room'));
    const { keeper, news } = rehearse();
    keeper.greeted(greeting());
    await jest.advanceTimersByTimeAsync(20_000);
    expect([open.mock.calls.length, ...news]).toEqual([6, 'restored', 'unavailable']);
    open.mockResolvedValue(stands());
    keeper.want();
    await jest.advanceTimersByTimeAsync(0);
    expect(news.at(-1)).toBe('restored');
  });

  it('S6 without a connection nothing has failed: the next greeting makes the line', async () => {
    const { keeper, socket, news } = rehearse();
    open.mockImplementation(() => {
      socket.isOpen = false;
      return Promise.reject(new Error('the connection was lost'));
    });
    keeper.greeted(greeting());
    await jest.advanceTimersByTimeAsync(60_000);
    for (let wanted = 0; wanted < 10; wanted += 1) keeper.want();
    await jest.advanceTimersByTimeAsync(60_000);
    expect([open.mock.calls.length, ...news]).toEqual([1, 'restored']);
    socket.isOpen = true;
    open.mockResolvedValue(stands());
    keeper.greeted(greeting());
    await jest.advanceTimersByTimeAsync(0);
    expect([open.mock.calls.length, news.includes('unavailable')]).toEqual([2, false]);
  });
});
