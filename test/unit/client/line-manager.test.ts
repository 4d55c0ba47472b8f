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

const handshake = () =>
  ({
    resumed: false,
    iceServers: [],
    plan: { plan: { maxKbps: 1500 } },
  }) as unknown as ServerData<'connected'>;

function setUp() {
  const events: string[] = [];
  const devices = { track: (): unknown => ({}) };
  const socket = { isOpen: true, notify: (event: string) => events.push(event) };
  const manager = new LineManager(socket as unknown as SignalingClient, devices as unknown as LocalDevices, {
    unavailable: () => events.push('unavailable'),
    restored: () => events.push('restored'),
  });
  return { manager, socket, devices, events };
}

const stands = (): Awaited<ReturnType<typeof MediaLine.open>> =>
  ({ id: 'line', closed: false, close: () => undefined }) as unknown as MediaLine;

describe('S5 a line that cannot be made', () => {
  it('S5 is tried longer and longer, then said, and taken back when a line stands', async () => {
    open.mockRejectedValue(new Error('no room'));
    const { manager, events } = setUp();
    manager.onConnected(handshake());
    await jest.advanceTimersByTimeAsync(20_000);
    expect([open.mock.calls.length, ...events]).toEqual([6, 'restored', 'unavailable']);
    open.mockResolvedValue(stands());
    manager.ensure();
    await jest.advanceTimersByTimeAsync(0);
    expect(events.at(-1)).toBe('restored');
  });

  it('S6 without a connection nothing has failed: the next handshake makes the line', async () => {
    const { manager, socket, events } = setUp();
    open.mockImplementation(() => {
      socket.isOpen = false;
      return Promise.reject(new Error('the connection was lost'));
    });
    manager.onConnected(handshake());
    await jest.advanceTimersByTimeAsync(60_000);
    for (let wanted = 0; wanted < 10; wanted += 1) manager.ensure();
    await jest.advanceTimersByTimeAsync(60_000);
    expect([open.mock.calls.length, ...events]).toEqual([1, 'restored']);
    socket.isOpen = true;
    open.mockResolvedValue(stands());
    manager.onConnected(handshake());
    await jest.advanceTimersByTimeAsync(0);
    expect([open.mock.calls.length, events.includes('unavailable')]).toEqual([2, false]);
  });
});

describe('C2 the picture of a line', () => {
  const line = (id: string) => {
    const calls: string[] = [];
    const does = (name: string, failure?: Error) => async (): Promise<void> => {
      calls.push(name);
      if (failure !== undefined) throw failure;
    };
    const made = {
      id,
      closed: false,
      isRunning: true,
      calls,
      setTrack: does('setTrack'),
      openCall: does('openCall'),
      endCall: does('endCall'),
      close: () => void calls.push('close'),
    };
    const fails = (name: 'openCall' | 'endCall'): void => {
      made[name] = does(name, new Error('the browser refused'));
    };
    return { made, calls, fails, asLine: made as unknown as MediaLine };
  };

  it('C2 a line whose veil cannot be taken off is closed, and another one is opened', async () => {
    const [first, second] = [line('first'), line('second')];
    first.fails('openCall');
    open.mockResolvedValueOnce(first.asLine).mockResolvedValueOnce(second.asLine);
    const { manager } = setUp();
    manager.onConnected(handshake());
    await jest.advanceTimersByTimeAsync(0);
    manager.openCall();
    await jest.advanceTimersByTimeAsync(10);
    expect(first.calls).toContain('close');
    manager.openCall();
    await jest.advanceTimersByTimeAsync(0);
    expect(second.calls).toContain('openCall');
  });

  it('C2 what fails late on a line that was lost does no harm to the line that took its place', async () => {
    const [first, second] = [line('first'), line('second')];
    let fail: (error: Error) => void = () => undefined;
    first.made.openCall = () => new Promise<void>((_, reject) => (fail = reject));
    open.mockResolvedValueOnce(first.asLine).mockResolvedValueOnce(second.asLine);
    const { manager, socket } = setUp();
    manager.onConnected(handshake());
    await jest.advanceTimersByTimeAsync(0);
    manager.openCall();
    manager.handle({ event: 'line_lost', data: { lineId: 'first' } });
    await jest.advanceTimersByTimeAsync(10);
    fail(new Error('the browser refused'));
    await jest.advanceTimersByTimeAsync(10_000);
    expect([socket.isOpen, open.mock.calls.length, second.calls.includes('close')]).toEqual([true, 2, false]);
  });
});

describe('V4 a line without devices', () => {
  it('V4 is closed, also the one that is just being opened, and made again when there is something to send', async () => {
    const { manager, devices, events } = setUp();
    open.mockImplementation(() => Promise.resolve(stands()));
    manager.onConnected(handshake());
    await jest.advanceTimersByTimeAsync(0);
    manager.release();
    expect([open.mock.calls.length, ...events.filter((event) => event === 'line_close')]).toEqual([
      1,
      'line_close',
    ]);
    manager.ensure();
    devices.track = () => null;
    manager.release();
    await jest.advanceTimersByTimeAsync(0);
    expect(events.filter((event) => event === 'line_close')).toHaveLength(2);
    devices.track = () => ({});
    manager.ensure();
    await jest.advanceTimersByTimeAsync(0);
    expect([open.mock.calls.length, events.at(-1)]).toEqual([3, 'restored']);
  });
});
