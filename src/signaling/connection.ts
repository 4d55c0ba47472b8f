import type { WebSocket } from 'ws';
import type { PeerSocket, Peer } from '../app/peers/peer';
import type { DisconnectReason } from '../app/peers/peer-registry';
import type { Clock } from '../app/ports/clock';
import { fullBucket, takeToken, type TokenBucket } from '../domain/token-bucket';
import { DomainError } from '../domain/error';
import { CLOSE, type CloseName, type ServerMessage } from '../protocol';
import { BadFrame, parseFrame, type ClientFrame } from './frame';
import { laneOf, RequestLanes } from './lanes';
import type { SignalingLimits } from './limits';

/** What a connection needs of the code that owns it. */
export interface ConnectionOwner {
  /** Handles a parsed frame, and resolves with the data of the reply. */
  handle(connection: Connection, frame: ClientFrame): Promise<object>;
  left(connection: Connection, reason: DisconnectReason): void;
  /** Takes an error of the server itself that occurred while this event was handled. */
  reportError(error: unknown, event: string): void;
}

/**
 * One socket: parses each message once, keeps its limits, and handles the requests of each lane one after the other,
 * so that what depends on each other happens in the order in which the client sent it.
 *
 * Cascade of `close()`: the socket closes; when it is closed, the timer stops and the owner is notified once.
 */
export class Connection implements PeerSocket {
  /** Set when the handshake is complete. */
  private handshakenPeer: Peer | undefined;
  private bucket: TokenBucket;
  private errorBudget: TokenBucket;
  private waiting = 0;
  private unansweredPings = 0;
  private readonly lanes = new RequestLanes();
  /** Dropped when the handshake is complete, because very many sockets are open for a long time. */
  private stopHelloTimer: (() => void) | undefined;
  private ended = false;
  private sentOn = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly owner: ConnectionOwner,
    private readonly clock: Clock,
    private readonly limits: SignalingLimits,
  ) {
    this.bucket = fullBucket(limits.messages, clock.elapsed());
    this.errorBudget = fullBucket(limits.errorBudget, clock.elapsed());
    this.stopHelloTimer = clock.after(limits.helloMs, () => {
      if (this.peer === undefined) this.close('helloTimeout');
    });
    socket.on('message', (data, isBinary) => this.receive(isBinary ? undefined : String(data)));
    socket.on('pong', () => (this.unansweredPings = 0));
    // A close follows each error and is handled. Without a listener here the error would end the process.
    socket.on('error', () => undefined);
    socket.on('close', (code) => this.closed(code));
  }

  get peer(): Peer | undefined {
    return this.handshakenPeer;
  }

  /** The client's handshake is complete: from now on this is the socket of `peer`. */
  completeHandshake(peer: Peer): void {
    this.handshakenPeer = peer;
    this.stopHelloTimer?.();
    this.stopHelloTimer = undefined;
  }

  /** `id`: the id of the request that this message answers. */
  send(message: ServerMessage, id?: number): void {
    this.write(id === undefined ? message : { ...message, id });
  }

  close(name: CloseName): void {
    if (this.ended) return;
    this.ended = true;
    this.sentOn = name === 'moving';
    this.socket.close(CLOSE[name].code, CLOSE[name].reason);
    // A client that never answers the closing handshake must not keep the socket.
    this.clock.after(2_000, () => this.socket.terminate());
  }

  /** Sends a ping. A socket that has left two pings unanswered is closed (S6). */
  ping(): void {
    if (this.unansweredPings >= 2) {
      this.close('heartbeatMissed');
      return;
    }
    this.unansweredPings += 1;
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping();
  }

  private receive(text: string | undefined): void {
    if (this.ended) return;
    const { bucket, waitMs } = takeToken(this.bucket, this.limits.messages, this.clock.elapsed());
    this.bucket = bucket;
    if (waitMs > 0) {
      this.countError(new BadFrame(new DomainError('rate_limited', 'too many messages', waitMs)), 'flood');
      return;
    }
    try {
      if (text === undefined)
        throw new BadFrame(new DomainError('bad_json', 'binary messages are not understood'));
      this.enqueue(parseFrame(text));
    } catch (error) {
      if (!(error instanceof BadFrame)) throw error;
      this.countError(error, 'tooManyErrors');
    }
  }

  private enqueue(frame: ClientFrame): void {
    if (this.waiting >= this.limits.queued) {
      this.countError(
        new BadFrame(new DomainError('rate_limited', 'too many requests wait', 1000), frame.event, frame.id),
        'flood',
      );
      return;
    }
    this.waiting += 1;
    void this.lanes.run(laneOf(frame.event), () => this.process(frame)).finally(() => (this.waiting -= 1));
  }

  /** Never rejects. Requests that were still waiting when the socket closed are dropped. */
  private async process(frame: ClientFrame): Promise<void> {
    if (this.ended) return;
    try {
      const reply = await this.owner.handle(this, frame);
      if (frame.id !== undefined && frame.event !== 'hello') {
        this.write({ event: frame.event, data: reply, id: frame.id });
      }
    } catch (error) {
      const domainError =
        error instanceof DomainError
          ? error
          : new DomainError('internal', 'something went wrong on our side');
      if (domainError.code === 'internal') this.owner.reportError(error, frame.event);
      this.reject(domainError, frame.event, frame.id);
      if (domainError.code === 'protocol_outdated') this.close('protocolOutdated');
      if (domainError.code === 'banned') this.close('banned');
      if (domainError.code === 'server_busy' && this.peer === undefined) this.close('busy');
      // At once, and not only when the time for the handshake is over: the client then comes again by itself.
      if (domainError.code === 'records_unavailable' && this.peer === undefined) this.close('helloTimeout');
    }
  }

  private countError(bad: BadFrame, closeName: 'flood' | 'tooManyErrors'): void {
    const { bucket, waitMs } = takeToken(this.errorBudget, this.limits.errorBudget, this.clock.elapsed());
    this.errorBudget = bucket;
    if (waitMs > 0) this.close(closeName);
    else this.reject(bad.domainError, bad.event, bad.id);
  }

  private reject(domainError: DomainError, event: string | undefined, id: number | undefined): void {
    const data = domainError.toWire(event?.slice(0, 64));
    this.write(id === undefined ? { event: 'error', data } : { event: 'error', data, id });
  }

  private write(message: { event: string; data: object; id?: number }): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > this.limits.unsentBytes) {
      this.close('slowReader');
      return;
    }
    this.socket.send(JSON.stringify(message));
  }

  private closed(code: number): void {
    this.ended = true;
    this.stopHelloTimer?.();
    if (this.sentOn) return this.owner.left(this, 'moving');
    // 1000: the client said good-bye. 1001: the browser has closed the page or is loading it again.
    this.owner.left(this, code === 1000 ? 'good_bye' : code === 1001 ? 'page_closed' : 'dropped');
  }
}
