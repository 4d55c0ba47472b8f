/// <reference lib="dom" />
import { WebSocket, WebSocketServer, type WebSocket as Socket } from 'ws';
import type { AddressInfo } from 'node:net';
import { FREE, planStateOf } from '../../../client/gallery/fake-users';
import { SignalingClient } from '../../../client/src/chat/engine/signaling-client';
import type { ConnectionState } from '../../../client/src/chat/engine/state';
import { LIMITS } from '../../../src/protocol';
import { installBrowserDoubles, type BrowserDoubles } from './browser-doubles';

/** The client's sockets of the present test. */
const opened: WebSocket[] = [];

/** Browsers tell a page that a socket failed by closing it; the library throws besides. */
class QuietSocket extends WebSocket {
  constructor(url: string) {
    super(url);
    opened.push(this);
    this.on('error', () => undefined);
  }
}

export interface Frame {
  event: string;
  data: Record<string, unknown>;
  id?: number;
}

export const connected = (resumed: boolean, resumeToken = 'token-one') => ({
  event: 'connected',
  data: {
    protocol: LIMITS.protocolVersion,
    userId: 'me',
    name: 'BoldOtter1187',
    isAnonymous: true,
    plan: planStateOf(FREE),
    resumeToken,
    resumed,
    session: { state: 'idle', callId: null },
    iceServers: [],
    routerRtpCapabilities: { codecs: [], headerExtensions: [] },
    stats: {
      total: 1,
      online: 1,
      searching: 0,
      searchingBy: { video: 0, audio: 0, text: 0 },
      connected: 0,
    },
  },
});

export let browser: BrowserDoubles;
export let server: WebSocketServer;
export let signaling: SignalingClient;
/** The server's ends of all sockets, the frames that it got, and the codes with which its sockets were closed. */
export let sockets: Socket[];
export let frames: Frame[];
export let closes: number[];
/** What the client said of its connection and of messages. */
export let links: ConnectionState[];
export let events: string[];
/** How the server answers. A test may change it. */
export const answers = {
  /** What a handshake is answered with; null: nothing. */
  greet: (): object | null => connected(false),
  pings: true,
};

/** Waits for sockets, which are real, while the clock, which is not, stands still. */
export async function until(holds: () => boolean): Promise<void> {
  const end = process.hrtime.bigint() + 5_000_000_000n;
  while (!holds()) {
    if (process.hrtime.bigint() > end) throw new Error('it never came to that');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export const last = (): ConnectionState | undefined => links.at(-1);
export const isOpen = (): boolean => last()?.state === 'open';
export const hellos = (): Frame[] => frames.filter(({ event }) => event === 'hello');
export const framesOf = (event: string): Frame[] => frames.filter((frame) => frame.event === event);

/** A server and a client for each test of a file, with a clock that stands still. */
export function setUpSignaling(): void {
  beforeEach(async () => {
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'hrtime'],
    });
    jest.spyOn(Math, 'random').mockReturnValue(1);
    browser = installBrowserDoubles(QuietSocket);
    [sockets, frames, closes, links, events] = [[], [], [], [], []];
    answers.greet = () => connected(false);
    answers.pings = true;
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => {
      sockets.push(socket);
      socket.on('close', (code) => closes.push(code));
      socket.on('message', (text: Buffer) => {
        const frame = JSON.parse(String(text)) as Frame;
        frames.push(frame);
        const pong =
          frame.event === 'ping' && answers.pings ? { event: 'ping', id: frame.id, data: {} } : null;
        const answer = frame.event === 'hello' ? answers.greet() : pong;
        if (answer) socket.send(JSON.stringify(answer));
      });
    });
    await until(() => server.address() !== null);
    signaling = new SignalingClient(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      connection: (connection) => links.push(connection),
      inDoubt: () => undefined,
      message: ({ event }) => events.push(event),
      signedOut: () => events.push('signed out'),
    });
  });
  afterEach(() => {
    signaling.close();
    // A socket that closes only after the browser is gone would look for it.
    for (const socket of opened.splice(0)) socket.onclose = null;
    for (const socket of sockets) socket.terminate();
    server.close();
    browser.restore();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });
}

export async function open(): Promise<void> {
  signaling.start();
  await until(isOpen);
}
