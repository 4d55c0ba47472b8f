import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import type { ErrorReporter } from '../app/ports/error-reporter';

export interface HttpServerOptions {
  readonly serve: RequestListener;
  /** Takes what asks for a WebSocket. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** How long a connection is kept after a response (ms). */
  readonly keepAliveMs: number;
  readonly reportError: ErrorReporter;
}

/** How long a client may take to send the head of a request, and all of it. Bodies are small. */
const HEAD_MS = 20_000;
const REQUEST_MS = 60_000;

/** The server of HTTP and WebSockets, as it has to be behind proxies and before slow clients. Not listening yet. */
export function createHttpServer({ serve, upgrade, keepAliveMs, reportError }: HttpServerOptions): Server {
  const server = createServer(
    { keepAliveTimeout: keepAliveMs, headersTimeout: HEAD_MS, requestTimeout: REQUEST_MS },
    serve,
  );
  const unfinished = new UnfinishedResponses(server);
  server.on('upgrade', (request, socket, head) => {
    try {
      const before = unfinished.last(socket);
      if (before !== undefined) closeAfter(before, socket);
      else if (request.headers.upgrade?.toLowerCase() === 'websocket') upgrade(request, socket, head);
      else serveWithoutUpgrade(server, request, socket);
    } catch (error) {
      reportError(error, 'an upgrade could not be handled');
      socket.destroy();
    }
  });
  return server;
}

/** What has still to be answered on each connection: a client may send requests without waiting for the responses. */
class UnfinishedResponses {
  private readonly bySocket = new WeakMap<Duplex, Set<ServerResponse>>();

  constructor(server: Server) {
    server.prependListener('request', (request, response) => this.add(request.socket, response));
  }

  /** The response that is sent last of those that this connection waits for. */
  last(socket: Duplex): ServerResponse | undefined {
    return [...(this.bySocket.get(socket) ?? [])].at(-1);
  }

  private add(socket: Duplex, response: ServerResponse): void {
    const responses = this.bySocket.get(socket) ?? new Set();
    this.bySocket.set(socket, responses.add(response));
    response.once('close', () => responses.delete(response));
  }
}

/**
 * Node.js hands over the socket of an upgrade although earlier requests are not answered yet. What is written now would
 * come before their responses, and these would run into the stream of the WebSocket. No browser and no proxy asks like
 * this: the earlier requests are answered, and the connection is closed.
 */
function closeAfter(response: ServerResponse, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  response.shouldKeepAlive = false;
  response.once('close', () => socket.end());
  destroyWhenIdle(socket);
}

/** Node.js no longer watches this socket. Whoever neither reads nor closes would hold it for ever. */
function destroyWhenIdle(socket: Duplex): void {
  socket.once('finish', () => socket.destroy());
  if (socket instanceof Socket) socket.setTimeout(REQUEST_MS, () => socket.destroy());
}

/**
 * A server may ignore an offer of a protocol that it does not speak, as clients and proxies expect that offer HTTP/2 with
 * every request. Node.js hands over the bare socket, so the response is made here. The body of a request cannot be read
 * any more, and the connection cannot be used again.
 */
function serveWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  const { headers } = request;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (hasBody || !(socket instanceof Socket)) {
    socket.once('finish', () => socket.destroy());
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  destroyWhenIdle(socket);
  response.on('finish', () => socket.end());
  server.emit('request', request, response);
}
