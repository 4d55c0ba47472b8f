import type { Bus, BusListener, NodeAddress } from '../app/ports/bus';

/** What joins the buses of one process: a node alone has one to itself, and tests put several nodes on one. */
export class MemoryBusHub {
  private readonly listeners = new Map<NodeAddress, BusListener>();

  has(address: NodeAddress): boolean {
    return this.listeners.has(address);
  }

  /** Answers with what ends it. Throws where somebody has that address. */
  join(address: NodeAddress, listener: BusListener): () => void {
    if (this.listeners.has(address)) throw new Error(`there is a node ${address} already`);
    this.listeners.set(address, listener);
    return () => {
      if (this.listeners.get(address) === listener) this.listeners.delete(address);
    };
  }

  /** To one node, or to all; in a turn of its own, as over a wire, and in the order of the calls. */
  post(to: NodeAddress | null, text: string): void {
    queueMicrotask(() => {
      if (to !== null) this.listeners.get(to)?.text(text);
      else for (const listener of [...this.listeners.values()]) listener.text(text);
    });
  }
}

/** The bus of a node whose whole installation is this process. Its way is never broken, so nothing is restored. */
export class MemoryBus implements Bus {
  private leave: (() => void) | undefined;
  private closed = false;

  constructor(
    readonly self: NodeAddress,
    private readonly hub = new MemoryBusHub(),
  ) {}

  async listen(listener: BusListener): Promise<void> {
    this.assertOpen();
    if (this.leave !== undefined) throw new Error('the bus is listened to already');
    this.leave = this.hub.join(this.self, {
      // A text that is on its way when the bus closes is not heard any more.
      text: (text) => {
        if (!this.closed) listener.text(text);
      },
      restored: () => listener.restored(),
    });
  }

  async send(to: NodeAddress, text: string): Promise<boolean> {
    this.assertOpen();
    this.hub.post(to, text);
    return this.hub.has(to);
  }

  async sendToAll(text: string): Promise<void> {
    this.assertOpen();
    this.hub.post(null, text);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.leave?.();
  }

  private assertOpen(): void {
    if (this.closed) throw new Error('the bus is closed');
  }
}
