import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { marksOf } from '../app/bans/marks-of';
import type { Handshake } from '../app/peers/handshake';
import type { Credentials } from '../app/accounts/identity';
import type { DisconnectReason, PeerRegistry } from '../app/peers/peer-registry';
import type { Origin, Peer } from '../app/peers/peer';
import type { Clock } from '../app/ports/clock';
import type { LiveStats } from '../app/peers/live-stats';
import { SlicedIteration } from '../app/ports/sliced-iteration';
import { BannedError } from '../domain/banned-error';
import type { Marks } from '../domain/bans';
import { DomainError } from '../domain/error';
import { CLOSE, LIMITS, type IceServer, type RtpCapabilities, type ServerData } from '../protocol';
import { Connection, type ConnectionOwner } from './connection';
import { dispatch, type UseCases } from './dispatch';
import type { ClientFrame } from './frame';
import type { SignalingLimits } from './limits';
import type { ErrorReporter } from '../app/ports/error-reporter';

/** What the request that opened a socket says about its client. */
export interface Visitor {
  readonly credentials: Credentials;
  /** `Set-Cookie` headers for a browser that lacks cookies of this server. */
  readonly newCookies: readonly string[];
  /** Keyed hash of the address. The address itself may not be kept. */
  readonly addressHash: string;
  readonly origin: Origin;
}

/** Keeps out whoever is banned. */
export interface Admittance {
  /** To be awaited before `check`: makes sure that what is kept about somebody with these marks is known. */
  load(marks: Marks): Promise<void>;
  /** Throws `BannedError`. */
  check(marks: Marks): void;
}

/** What the gateway knows about a socket. */
interface Caller {
  readonly address: string;
  /** Dropped when the handshake is complete: it is not needed any more, and there are very many sockets. */
  visitor: Omit<Visitor, 'newCookies'> | undefined;
}

export interface GatewayDeps {
  readonly peers: PeerRegistry;
  readonly handshake: Handshake;
  readonly visitorOf: (request: IncomingMessage) => Visitor;
  readonly liveStats: LiveStats;
  readonly useCases: UseCases;
  readonly bans: Admittance;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
  readonly limits: SignalingLimits;
  /** The real address of a request's client: headers of trusted proxies are taken into account. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Whether this node can be a gateway: a node for media alone takes no sockets. */
  readonly takesPeers: () => boolean;
  /** Whether a page of this origin may open a socket here. */
  readonly allowsOrigin: (request: IncomingMessage) => boolean;
  /** Whether this node is draining: it takes no new sockets, and moves its peers to other nodes. */
  readonly isDraining: () => boolean;
  readonly iceServers: () => IceServer[];
  readonly routerRtpCapabilities: RtpCapabilities;
}

/** How long sockets may take for their closing handshake when the node goes down. */
const CLOSING_MS = 1_000;

/**
 * Accepts sockets at `/ws`: completes handshakes, counts sockets by address, sends pings.
 *
 * Cascade of `close()`: no new sockets are accepted, pings stop, every socket is closed as going away.
 */
export class Gateway implements ConnectionOwner {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.messageBytes,
    clientTracking: false,
  });
  private readonly connections = new Map<Connection, Caller>();
  private readonly pinging = new SlicedIteration();
  /** Cookies that go out with the answer to an upgrade. */
  private readonly newCookies = new WeakMap<IncomingMessage, readonly string[]>();
  private readonly byAddress = new Map<string, number>();
  /** Every socket that requested an upgrade. The HTTP server does not know them any more, so they are closed here. */
  private readonly upgraded = new Set<Duplex>();
  private readonly stops: (() => void)[] = [];
  private closing = false;

  constructor(private readonly deps: GatewayDeps) {
    this.server.on('headers', (headers, request) => {
      for (const cookie of this.newCookies.get(request) ?? []) headers.push(`Set-Cookie: ${cookie}`);
    });
    this.stops.push(
      deps.clock.every(deps.limits.pingMs, () => {
        this.pinging.run(this.connections.keys(), (connection) => connection.ping());
      }),
      deps.clock.every(1000, () => deps.liveStats.broadcast()),
    );
  }

  get sockets(): number {
    return this.connections.size;
  }

  async handle(connection: Connection, frame: ClientFrame): Promise<object> {
    if (connection.peer !== undefined) return dispatch(this.deps.useCases, connection.peer, frame);
    if (frame.event !== 'hello') throw new DomainError('hello_first', 'say hello first');
    if (frame.data.protocol !== LIMITS.protocolVersion) {
      throw new DomainError('protocol_outdated', `this server speaks version ${LIMITS.protocolVersion}`);
    }
    await this.completeHandshake(connection, frame.data.resumeToken, frame.id);
    return {};
  }

  left(connection: Connection, reason: DisconnectReason): void {
    const known = this.connections.get(connection);
    this.connections.delete(connection);
    if (known !== undefined) this.countAddress(known.address, -1);
    if (connection.peer !== undefined) this.deps.peers.disconnect(connection.peer, connection, reason);
  }

  reportError(error: unknown, event: string): void {
    this.deps.reportError(error, `a ${event} message could not be handled`);
  }

  close(): void {
    if (this.closing) return;
    this.closing = true;
    for (const stop of this.stops) stop();
    this.pinging.close();
    this.deps.liveStats.close();
    for (const connection of [...this.connections.keys()]) {
      connection.send({ event: 'notice', data: { code: 'shutting_down' } });
      connection.close('goingAway');
    }
    this.server.close();
    this.deps.clock.after(CLOSING_MS, () => {
      for (const socket of this.upgraded) socket.destroy();
    });
  }

  private async completeHandshake(
    connection: Connection,
    token: string | undefined,
    id: number | undefined,
  ): Promise<void> {
    const { bans, liveStats, iceServers, routerRtpCapabilities, handshake, clock, peers } = this.deps;
    const caller = this.connections.get(connection);
    const visitor = caller?.visitor;
    if (caller === undefined || visitor === undefined) return;
    const from = { address: visitor.addressHash, ...visitor.origin };
    // Before anybody is looked up, so that whoever is kept out costs little and takes over nobody.
    await bans.load({ users: [], ...from });
    this.admit(connection, { users: [], ...from });
    const isOpen = (): boolean => this.connections.has(connection) && !this.closing;
    const completed = await handshake.complete(connection, isOpen, {
      credentials: visitor.credentials,
      place: from,
      resumeToken: token,
    });
    if (completed === undefined) return;
    const { peer, resumed } = completed;
    peer.addressHash = visitor.addressHash;
    peer.origin = visitor.origin;
    await bans.load(marksOf(peer));
    this.admit(connection, marksOf(peer), peer);
    if (!isOpen() || !peers.isAt(peer, connection)) return this.leaveAgain(connection, peer, resumed);
    // Of somebody who was let in, a ban that comes later follows the device: there is one to each connection at most.
    peer.origin = { ...visitor.origin, isNewDevice: false };
    connection.completeHandshake(peer);
    caller.visitor = undefined;
    const data = {
      protocol: LIMITS.protocolVersion,
      userId: peer.id,
      name: peer.name,
      isAnonymous: peer.identity.isAnonymous,
      plan: peer.allowance.state(clock.now()),
      resumeToken: peer.resumeToken,
      resumed,
      session: sessionForWire(peer),
      iceServers: iceServers(),
      routerRtpCapabilities,
      stats: liveStats.now(),
    };
    connection.send({ event: 'connected', data }, id);
    if (resumed) peers.announceResumed(peer);
  }

  /** The socket was closed, or has lost its peer to a newer one, while the records were asked about the peer. */
  private leaveAgain(connection: Connection, peer: Peer, resumed: boolean): void {
    const { peers } = this.deps;
    if (!peers.isAt(peer, connection)) return;
    peers.disconnect(peer, connection, 'dropped');
    // The owner of their call and the node of their line need to know the gateway, with a socket or without.
    if (resumed) peers.announceResumed(peer);
  }

  /** Tells somebody who is banned until when, and rejects the handshake. Nothing of `peer` may go on then. */
  private admit(connection: Connection, marks: Marks, peer?: Peer): void {
    const { bans, peers, clock } = this.deps;
    try {
      bans.check(marks);
    } catch (error) {
      if (error instanceof BannedError) connection.send({ event: 'banned', data: error.ban });
      // Dismissing closes the socket, and the rejection has to go out before.
      if (peer !== undefined) clock.after(0, () => peers.dismiss(peer, 'banned'));
      throw error;
    }
  }

  /** Takes a request for a WebSocket. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    this.upgraded.add(socket);
    socket.once('close', () => this.upgraded.delete(socket));
    // Proxies may send the whole address instead of the path.
    const path = (request.url ?? '').replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)[0];
    if (path !== '/ws') return rejectUpgrade(socket, 404);
    const isOpen = !this.closing && this.deps.takesPeers() && !this.deps.isDraining();
    if (!isOpen) return rejectUpgrade(socket, 503);
    if (!this.deps.allowsOrigin(request)) return rejectUpgrade(socket, 403);
    const visitor = this.deps.visitorOf(request);
    this.newCookies.set(request, visitor.newCookies);
    const address = this.deps.addressOf(request);
    this.server.handleUpgrade(request, socket, head, (ws) => this.accept(ws, address, visitor));
  };

  private accept(ws: WebSocket, address: string, visitor: Visitor): void {
    const { limits } = this.deps;
    const over =
      this.connections.size >= limits.sockets
        ? CLOSE.full
        : (this.byAddress.get(address) ?? 0) >= limits.socketsPerAddress
          ? CLOSE.tooManyFromAddress
          : undefined;
    if (over !== undefined) {
      ws.on('error', () => undefined);
      ws.close(over.code, over.reason);
      return;
    }
    this.countAddress(address, 1);
    const { credentials, addressHash, origin } = visitor;
    this.connections.set(new Connection(ws, this, this.deps.clock, limits), {
      address,
      visitor: { credentials, addressHash, origin },
    });
  }

  private countAddress(address: string, by: 1 | -1): void {
    const count = (this.byAddress.get(address) ?? 0) + by;
    if (count > 0) this.byAddress.set(address, count);
    else this.byAddress.delete(address);
  }
}

function sessionForWire({ state }: Peer): ServerData<'connected'>['session'] {
  switch (state.kind) {
    case 'idle':
      return { state: 'idle', callId: null };
    case 'cooldown':
    case 'searching':
      return { state: 'searching', callId: null };
    case 'in_call':
      return { state: 'call', callId: state.callId };
  }
}

function rejectUpgrade(socket: Duplex, status: 403 | 404 | 503): void {
  // HTTP sockets may stay half open, so the socket is destroyed as soon as the rejection is sent.
  socket.once('finish', () => socket.destroy());
  const message = { 403: 'Forbidden', 404: 'Not Found', 503: 'Service Unavailable' }[status];
  socket.end(`HTTP/1.1 ${status} ${message}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
