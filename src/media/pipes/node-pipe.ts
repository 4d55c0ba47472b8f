import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { types } from 'mediasoup';
import type { NodeAddress } from '../../app/ports/bus';
import type { PipedProducer, PipeEnd } from '../../app/lines/media-node';
import { DomainError } from '../../domain/error';
import { knownHeaderExtensions, type Source } from '../../protocol';

/** The only cipher suite that mediasoup's pipes support. */
const SUITE = 'AEAD_AES_256_GCM';

/** Where this node's ends of pipes listen. */
export interface PipeAddress {
  readonly ip: string;
  /** Other nodes must be able to send to this address, and see it as the source of what this node sends. */
  readonly announcedAddress?: string;
}

export interface NodePipeOptions {
  readonly id: string;
  /** The node at the other end. */
  readonly node: NodeAddress;
  readonly router: types.Router;
  readonly address: PipeAddress;
  /** How long it may be without a bridge that uses it. */
  readonly idleMs: number;
}

export interface NodePipeEvents {
  /** No bridge has used it for `idleMs`, or it is retired and its last user is gone. It is still open. */
  unused(pipe: NodePipe): void;
  /** It was closed by this node or, where `lost`, by the death of its worker. Called once. */
  closed(pipe: NodePipe, lost: boolean): void;
}

/**
 * This node's end of a pipe between one of its routers and one of another node's: SRTP both ways, shared by all calls
 * between the two routers.
 *
 * Cascade: `close()` (or the router's death) closes the transport, with it the consumers that send into the pipe and
 * the producers that come out of it, and with these the consumers of peers. Every user is notified. A bridge that used
 * it stays until it is closed.
 */
export class NodePipe {
  /** A callback of each user, called when the pipe is closed while in use. */
  private readonly users = new Set<() => void>();
  private retired = false;
  private closed = false;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    readonly id: string,
    readonly node: NodeAddress,
    readonly routerId: string,
    private readonly transport: types.PipeTransport,
    private readonly idleMs: number,
    private readonly events: NodePipeEvents,
  ) {
    transport.once('routerclose', () => this.end(true));
    this.waitForUsers();
  }

  static async open(options: NodePipeOptions, events: NodePipeEvents): Promise<NodePipe> {
    const { id, node, router, address, idleMs } = options;
    const transport = await router.createPipeTransport({
      listenInfo: { protocol: 'udp', ...address },
      enableSrtp: true,
      enableRtx: true,
      enableSctp: false,
    });
    return new NodePipe(id, node, router.id, transport, idleMs, events);
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** Whether new bridges may use it. */
  get isUsable(): boolean {
    return !this.closed && !this.retired;
  }

  /** What the other end has to know about this one. */
  get ownEnd(): PipeEnd {
    const { tuple, srtpParameters } = this.transport;
    if (srtpParameters === undefined) throw new Error('a pipe was made without SRTP');
    const { cryptoSuite, keyBase64 } = srtpParameters;
    return { ip: tuple.localAddress, port: tuple.localPort, srtp: { cryptoSuite, keyBase64 } };
  }

  async connect({ ip, port, srtp }: PipeEnd): Promise<void> {
    if (srtp.cryptoSuite !== SUITE) {
      throw new DomainError('media_unavailable', `the other end of a pipe uses ${srtp.cryptoSuite}`, 500);
    }
    // Workers accept addresses only, but an operator may have announced a host name.
    const address = isIP(ip) === 0 ? (await lookup(ip)).address : ip;
    await this.transport.connect({
      ip: address,
      port,
      srtpParameters: { cryptoSuite: SUITE, keyBase64: srtp.keyBase64 },
    });
    if (this.closed) throw new DomainError('media_unavailable', 'the pipe went away', 500);
  }

  /** Adds a user. `gone` is called when the pipe is closed. Returns what removes the user again; it may be called twice. */
  use(gone: () => void): () => void {
    if (this.closed) throw new DomainError('media_unavailable', 'the pipe went away', 500);
    clearTimeout(this.timer);
    const user = (): void => gone();
    this.users.add(user);
    return () => {
      if (this.users.delete(user) && this.users.size === 0) this.waitForUsers();
    };
  }

  /** No new bridge uses it from now on; those that do may go on. */
  retire(): void {
    if (this.retired) return;
    this.retired = true;
    if (this.users.size === 0) this.waitForUsers();
  }

  /** Sends a producer of this router into the pipe. It is paused and resumed with the producer. */
  send(producer: types.Producer): Promise<types.Consumer> {
    return this.transport.consume({ producerId: producer.id });
  }

  /** Makes a paused producer of what comes out of the pipe, with a new id each time. */
  receive({ kind, rtpParameters }: PipedProducer): Promise<types.Producer> {
    return this.transport.produce({ kind, rtpParameters, paused: true });
  }

  close(): void {
    this.end(false);
  }

  private waitForUsers(): void {
    clearTimeout(this.timer);
    if (this.closed) return;
    if (this.retired) {
      this.events.unused(this);
      return;
    }
    this.timer = setTimeout(() => this.events.unused(this), this.idleMs);
    this.timer.unref();
  }

  private end(lost: boolean): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.timer);
    this.transport.close();
    this.events.closed(this, lost);
    const users = [...this.users];
    this.users.clear();
    for (const gone of users) gone();
  }
}

/** What the other end needs in order to take this out of the pipe. */
export function pipedForWire(consumer: types.Consumer, source: Source): PipedProducer {
  const { kind, rtpParameters } = consumer;
  const headerExtensions = knownHeaderExtensions(rtpParameters.headerExtensions ?? []);
  return { source, kind, rtpParameters: { ...rtpParameters, headerExtensions } };
}
