import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export type Direction = 'toServer' | 'toClient';

/**
 * What becomes of the bytes of one direction. `stalls`: they wait, as behind a full buffer. `swallows`: they are lost, as
 * behind a device that has forgotten the connection. Neither tells the other side that a connection was closed.
 */
export type Flow =
  | { readonly kind: 'flows' }
  | { readonly kind: 'stalls' }
  | { readonly kind: 'swallows' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number };

const FLOWS: Flow = { kind: 'flows' };
const DIRECTIONS: readonly Direction[] = ['toServer', 'toClient'];
/** How often bytes go on in a slow direction. */
const SLICE_MS = 20;

/**
 * A proxy before a server on this machine that does to connections what proxies, sleeping machines and bad networks do,
 * in each direction by itself. Connections that open later flow, unless `setLater` says otherwise.
 */
export class StallingProxy {
  private readonly pairs = new Set<Record<Direction, Half>>();
  private readonly server: Server;
  private laterFlow: Flow = FLOWS;

  private constructor(
    private readonly targetPort: number,
    private readonly host: string,
  ) {
    this.server = createServer({ allowHalfOpen: true }, (incoming) => this.accept(incoming));
  }

  static async to(targetPort: number, host = '127.0.0.1'): Promise<StallingProxy> {
    const proxy = new StallingProxy(targetPort, host);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.pairs.size;
  }

  /** Sets what becomes of the bytes of all connections that are open now. */
  set(flow: Flow, directions: readonly Direction[] = DIRECTIONS): void {
    for (const pair of this.pairs) for (const direction of directions) pair[direction].set(flow);
  }

  /** Sets what becomes of the bytes of connections that open later. */
  setLater(flow: Flow): void {
    this.laterFlow = flow;
  }

  /** The server hangs: its connections stay open, it accepts new ones, and it answers nothing. Or it goes on. */
  hang(isHanging: boolean): void {
    const flow: Flow = isHanging ? { kind: 'stalls' } : FLOWS;
    this.setLater(flow);
    this.set(flow);
  }

  /** Ends one direction of all connections that are open now, as a peer that only listens does. */
  halfClose(direction: Direction): void {
    for (const pair of this.pairs) pair[direction].end();
  }

  async close(): Promise<void> {
    for (const pair of this.pairs) for (const direction of DIRECTIONS) pair[direction].destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(incoming: Socket): void {
    const outgoing = connect({ port: this.targetPort, host: this.host, allowHalfOpen: true });
    const pair = { toServer: new Half(incoming, outgoing), toClient: new Half(outgoing, incoming) };
    this.pairs.add(pair);
    if (this.laterFlow !== FLOWS) for (const direction of DIRECTIONS) pair[direction].set(this.laterFlow);
    const forget = (): void => {
      if (incoming.destroyed && outgoing.destroyed) this.pairs.delete(pair);
    };
    for (const socket of [incoming, outgoing]) socket.on('close', forget);
  }
}

/** One direction of a connection. */
class Half {
  private flow: Flow = FLOWS;
  private readonly held: Buffer[] = [];
  private ended = false;
  private broken = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
  ) {
    from.on('data', (chunk: Buffer) => {
      if (this.flow.kind !== 'swallows') this.held.push(chunk);
      this.pump();
    });
    from.on('end', () => {
      this.ended = true;
      this.pump();
    });
    from.on('error', () => (this.broken = true));
    from.on('close', () => {
      this.broken ||= !this.ended;
      this.pump();
    });
    to.on('drain', () => this.pump());
  }

  set(flow: Flow): void {
    this.flow = flow;
    this.pump();
  }

  end(): void {
    this.to.end();
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.from.destroy();
  }

  private pump(): void {
    switch (this.flow.kind) {
      case 'swallows':
        this.held.length = 0;
        this.from.resume();
        return;
      case 'stalls':
        this.from.pause();
        return;
      case 'flows':
        for (let chunk = this.held.shift(); chunk !== undefined; chunk = this.held.shift()) this.write(chunk);
        this.finish();
        return;
      case 'slow':
        this.trickle(this.flow.bytesPerSecond);
    }
  }

  private write(chunk: Buffer): void {
    if (!this.to.writable) return;
    if (this.to.write(chunk)) this.from.resume();
    else this.from.pause();
  }

  private trickle(bytesPerSecond: number): void {
    if (this.timer !== undefined) return;
    const chunk = this.held.shift();
    if (chunk === undefined) {
      this.from.resume();
      this.finish();
      return;
    }
    this.from.pause();
    const size = Math.max(1, Math.round((bytesPerSecond * SLICE_MS) / 1000));
    if (this.to.writable) this.to.write(chunk.subarray(0, size));
    if (chunk.length > size) this.held.unshift(chunk.subarray(size));
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.pump();
    }, SLICE_MS);
  }

  /** Passes on how the sender ended, once nothing waits. */
  private finish(): void {
    this.from.resume();
    if (this.held.length > 0) return;
    if (this.broken) this.to.resetAndDestroy();
    else if (this.ended) this.to.end();
  }
}
