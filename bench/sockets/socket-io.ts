import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Redis } from 'ioredis';
import { loadPeer } from '../support/peers';

/** What of Socket.IO is used here; it is no dependency, so its own types are not there. */
interface IoSocket {
  readonly id: string;
  data: unknown;
  on(event: string, listener: (data: unknown, acknowledge?: (reply: object) => void) => void): void;
  emit(event: string, data: object): void;
}
interface IoServer {
  readonly engine: { readonly clientsCount: number };
  adapter(adapter: unknown): void;
  on(event: 'connection', listener: (socket: IoSocket) => void): void;
  emit(event: string, data: object): void;
}
type ServerClass = new (server: Server, options: object) => IoServer;
type CreateAdapter = (publisher: Redis, subscriber: Redis) => unknown;

export interface SocketIoTask {
  readonly folder: string;
  readonly redisUrl: string;
}

/**
 * In its process: a Socket.IO server with its Redis adapter that does for idle people what ours does as far as they
 * can see it: it greets them with about as many words, answers what they ask, and tells everybody once a second how
 * many are here when that has changed. It keeps no seats, sessions, plans or records: it does less.
 */
export function beSocketIo(): void {
  process.once('message', ({ folder, redisUrl }: SocketIoTask) => {
    const { Server: IoServerClass } = loadPeer<{ Server: ServerClass }>(folder, 'socket.io');
    const { createAdapter } = loadPeer<{ createAdapter: CreateAdapter }>(folder, '@socket.io/redis-adapter');
    const http = createServer();
    const io = new IoServerClass(http, {
      transports: ['websocket'],
      serveClient: false,
      pingInterval: 15_000,
    });
    const publisher = new Redis(redisUrl);
    io.adapter(createAdapter(publisher, publisher.duplicate()));
    io.on('connection', (socket) => {
      socket.on('hello', () => {
        socket.emit('connected', handshake(socket.id, io.engine.clientsCount));
      });
      socket.on('media_state', (data, acknowledge) => {
        socket.data = data;
        acknowledge?.({});
      });
    });
    let sent = 0;
    setInterval(() => {
      const online = io.engine.clientsCount;
      if (online !== sent) io.emit('stats', { total: online, online, searching: 0, connected: 0 });
      sent = online;
    }, 1_000);
    reportDelay();
    http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }));
  });
}

/** Measured as the product's metrics do it, so that both can be compared. */
function reportDelay(): void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  process.on('message', () => {
    const p99 = delay.percentile(99) / 1e6;
    delay.reset();
    process.send?.({ p99 });
  });
}

/** About as long as our own `connected`, most of which are the codecs that a browser has to know. */
const handshake = (id: string, online: number): object => ({
  protocol: 1,
  userId: id,
  name: 'Somebody',
  stats: { total: online, online, searching: 0, connected: 0 },
  codecs: CODECS,
});
const CODECS = Array.from({ length: 12 }, (_, index) => ({
  kind: 'video',
  mimeType: 'video/rtx',
  preferredPayloadType: 100 + index,
  clockRate: 90_000,
  parameters: { apt: 99 + index },
  rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'transport-cc' }],
}));
