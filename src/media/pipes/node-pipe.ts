import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { types } from 'mediasoup';
import type { NodeAddress } from '../../app/ports/bus';
import type { PipedProducer, PipeEnd } from '../../app/lines/media-node';
import { DomainError } from '../../domain/error';
import { knownHeaderExtensions, type Source } from '../../protocol';

/** The only suite that mediasoup's pipes speak. */
const SUITE = 'AEAD_AES_256_GCM';

/** Where this node's ends of pipes listen. */
export interface PipeAddress {
  readonly ip: string;
  /** Other nodes must be able to send here, and see what comes from here as coming from here. */
  readonly announcedAddress?: string;
}

export interface NodePipeOptions {
  readonly id: string;
  /** The node at the other end. */
  readonly node: NodeAddress;
  readonly router: types.Router;
  readonly address: PipeAddress;
  /** How long it may be without a user. */
  readonly idleMs: number;
}

export interface NodePipeEvents {
  /** Nobody has used it for long enough, or it is retired and its last user has gone. It is still open. */
  unused(pipe: NodePipe): void;
  /** It was closed, by us or, where `lost`, by the death of its worker. Told once. */
  closed(pipe: NodePipe, lost: boolean): void;
}

/**
 * This node's end of a pipe between one of its routers and one of another node's: SRTP both ways, shared by all calls
 * between the two routers.
 *
 * Cascade: `close()` (or the router's death) closes the transport, with it the consumers that send into the pipe and
 * the producers that come out of it, with these the consumers of people; whoever used it is told. Joinings that used it
 * stay until parted.
 */
export class NodePipe {
  /** Of each user, whom to tell when the pipe goes away under them. */
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

  /** Whether calls may begin to use it. */
  get isUsable(): boolean {
    return !this.closed && !this.retired;
  }

  /** What the other end has to know of this one. */
  get ownEnd(): PipeEnd {
    const { tuple, srtpParameters } = this.transport;
    if (srtpParameters === undefined) throw new Error('a pipe was made without SRTP');
    const { cryptoSuite, keyBase64 } = srtpParameters;
    return { ip: tuple.localAddress, port: tuple.localPort, srtp: { cryptoSuite, keyBase64 } };
  }

  async connect({ ip, port, srtp }: PipeEnd): Promise<void> {
    if (srtp.cryptoSuite !== SUITE) {
      throw new DomainError('media_unavailable', `the other end of a pipe speaks ${srtp.cryptoSuite}`, 500);
    }
    // Workers take addresses only, while an operator may have announced a name.
    const address = isIP(ip) === 0 ? (await lookup(ip)).address : ip;
    await this.transport.connect({
      ip: address,
      port,
      srtpParameters: { cryptoSuite: SUITE, keyBase64: srtp.keyBase64 },
    });
    if (this.closed) throw new DomainError('media_unavailable', 'the pipe went away', 500);
  }

  /** Counts a user, who is told when it goes away; the answer takes them off again and may be called twice. */
  use(gone: () => void): () => void {
    if (this.closed) throw new DomainError('media_unavailable', 'the pipe went away', 500);
    clearTimeout(this.timer);
    const user = (): void => gone();
    this.users.add(user);
    return () => {
      if (this.users.delete(user) && this.users.size === 0) this.waitForUsers();
    };
  }

  /** Nobody begins to use it any more; those who do may go on. */
  retire(): void {
    if (this.retired) return;
    this.retired = true;
    if (this.users.size === 0) this.waitForUsers();
  }

  /** Sends a producer of this router into the pipe; it flows whenever the producer does. */
  send(producer: types.Producer): Promise<types.Consumer> {
    return this.transport.consume({ producerId: producer.id });
  }

  /** Makes a producer, paused, of what comes out of the pipe; its id is a new one each time. */
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
