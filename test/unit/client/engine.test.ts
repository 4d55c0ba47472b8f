/// <reference lib="dom" />
import { PasserbyEngine } from '../../../client/src/chat/engine/engine';
import { installBrowserDoubles, type BrowserDoubles } from './browser-doubles';

jest.mock('../../../client/src/chat/engine/media-line', () => ({
  MediaLine: { open: jest.fn() },
  loadDevice: jest.fn(),
}));

class FakeSocket {
  static readonly opened: FakeSocket[] = [];
  closes = 0;
  constructor(readonly url: string) {
    FakeSocket.opened.push(this);
  }
  close(): void {
    this.closes += 1;
  }
}

let browser: BrowserDoubles;
beforeEach(() => {
  jest.useFakeTimers();
  FakeSocket.opened.length = 0;
  browser = installBrowserDoubles(FakeSocket);
});
afterEach(() => {
  browser.restore();
  jest.useRealTimers();
});

describe('S1 the engine', () => {
  it('S1 opens no socket before it is started, and one however often it is started', () => {
    const engine = new PasserbyEngine('ws://server/ws');
    engine.reconnectNow();
    browser.goes('online');
    expect(FakeSocket.opened).toHaveLength(0);
    engine.start();
    engine.start();
    expect(FakeSocket.opened.map(({ url }) => url)).toEqual(['ws://server/ws']);
    engine.close();
  });

  it('S1 can be closed twice, before it was started too, and stays closed', () => {
    const engine = new PasserbyEngine('ws://server/ws');
    engine.start();
    engine.close();
    engine.close();
    expect(FakeSocket.opened.map(({ closes }) => closes)).toEqual([1]);
    engine.start();
    engine.reconnectNow();
    engine.identityChanged();
    browser.goes('online');
    jest.advanceTimersByTime(60_000);
    expect(FakeSocket.opened).toHaveLength(1);

    const unused = new PasserbyEngine('ws://server/ws');
    unused.close();
    unused.start();
    expect(FakeSocket.opened).toHaveLength(1);
  });
});
