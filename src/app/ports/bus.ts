/**
 * A node's name for as long as its process lives. After a restart it has another name, so that nobody mixes them up.
 */
export type NodeAddress = string;

export interface BusListener {
  /** A text for this node, or for all of them (this one included). Must not throw. */
  text(text: string): void;
  /** Texts may have been missed until now: the connection to the others was broken and works (again). */
  restored(): void;
}

/**
 * How the nodes of one installation reach each other. Texts from one node to another arrive in the order in which
 * they were sent, or not at all. The loss of a text is not reported.
 */
export interface Bus {
  readonly self: NodeAddress;
  /** Begins to receive. To be called once, before anything is sent. Resolves when this node can be reached. */
  listen(listener: BusListener): Promise<void>;
  /**
   * `false` when no process listens for that node at this moment: it is dead, or about to reconnect. Rejects when the
   * connection is broken. `true` does not mean that the text has arrived.
   */
  send(to: NodeAddress, text: string): Promise<boolean>;
  sendToAll(text: string): Promise<void>;
  /** Idempotent. Afterwards nothing is received, and `send` and `sendToAll` reject. */
  close(): Promise<void>;
}
