import type { Bus, BusListener, NodeAddress } from '../app/ports/bus';

/** Connects the buses of one process: an only node has its own hub, and tests put several nodes on one. */
export class MemoryBusHub {
  private readonly listeners = new Map<NodeAddress, BusListener>();

  has(address: NodeAddress): boolean {
    return this.listeners.has(address);
  }

  /** Returns the function that leaves the hub. Throws when another node has that address. */
  join(address: NodeAddress, listener: BusListener): () => void {
    if (this.listeners.has(address)) throw new Error(`there is a node ${address} already`);
    this.listeners.set(address, listener);
    return () => {
      if (this.listeners.get(address) === listener) this.listeners.delete(address);
    };
  }

  /** Sends to one node, or to all (null): asynchronously, as over a network, and in the order of the calls. */
  post(to: NodeAddress | null, text: string): void {
    queueMicrotask(() => {
      if (to !== null) this.listeners.get(to)?.text(text);
      else for (const listener of [...this.listeners.values()]) listener.text(text);
    });
  }
}

/** The bus of an installation that is this one process. It never loses its connection, so it never calls `restored`. */
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
      // A text that is under way when the bus closes is dropped.
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
