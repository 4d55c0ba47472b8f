/// <reference lib="dom" />
import { LineManager } from '../../../client/src/chat/engine/line-manager';
import type { LocalDevices } from '../../../client/src/chat/engine/local-devices';
import { MediaLine, loadDevice } from '../../../client/src/chat/engine/media-line';
import type { SignalingClient } from '../../../client/src/chat/engine/signaling-client';
import type { ServerData } from '../../../src/protocol';
import { installBrowserDoubles, type BrowserDoubles } from './browser-doubles';

jest.mock('../../../client/src/chat/engine/media-line', () => ({
  MediaLine: { open: jest.fn() },
  loadDevice: jest.fn(),
}));

let browser: BrowserDoubles;
const open = jest.mocked(MediaLine.open);
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

function setUp() {
  const events: string[] = [];
  const socket = { isOpen: true };
  const manager = new LineManager(
    socket as unknown as SignalingClient,
    { track: () => ({}) } as unknown as LocalDevices,
    {
      unavailable: () => events.push('unavailable'),
      restored: () => events.push('restored'),
    },
  );
  return { manager, socket, events };
}

const stands = (): Awaited<ReturnType<typeof MediaLine.open>> =>
  ({ id: 'line', closed: false, close: () => undefined }) as unknown as MediaLine;

describe('S5 a line that cannot be made', () => {
  it('S5 is tried longer and longer, then said, and taken back when a line stands', async () => {
    open.mockRejectedValue(new Error('no room'));
    const { manager, events } = setUp();
    manager.onConnected(greeting());
    await jest.advanceTimersByTimeAsync(20_000);
    expect([open.mock.calls.length, ...events]).toEqual([6, 'restored', 'unavailable']);
    open.mockResolvedValue(stands());
    manager.ensure();
    await jest.advanceTimersByTimeAsync(0);
    expect(events.at(-1)).toBe('restored');
  });

  it('S6 without a connection nothing has failed: the next greeting makes the line', async () => {
    const { manager, socket, events } = setUp();
    open.mockImplementation(() => {
      socket.isOpen = false;
      return Promise.reject(new Error('the connection was lost'));
    });
    manager.onConnected(greeting());
    await jest.advanceTimersByTimeAsync(60_000);
    for (let wanted = 0; wanted < 10; wanted += 1) manager.ensure();
    await jest.advanceTimersByTimeAsync(60_000);
    expect([open.mock.calls.length, ...events]).toEqual([1, 'restored']);
    socket.isOpen = true;
    open.mockResolvedValue(stands());
    manager.onConnected(greeting());
    await jest.advanceTimersByTimeAsync(0);
    expect([open.mock.calls.length, events.includes('unavailable')]).toEqual([2, false]);
  });
});
