/** A node's name for as long as its process lives; its next life has another one, so that nobody mixes them up. */
export type NodeAddress = string;

export interface BusListener {
  /** A text for this node, or for all of them (this one included). Must not throw. */
  text(text: string): void;
  /** Texts may have been missed until now: the way to the others was broken and is whole (again). */
  restored(): void;
}

/**
 * How the nodes of one installation reach each other. Texts from one node to another arrive in the order in which they
 * were sent, or not at all; nobody is told of one that was lost.
 */
export interface Bus {
  readonly self: NodeAddress;
  /** Begins to hear; to be called once, before anything is sent. Resolves when this node can be reached. */
  listen(listener: BusListener): Promise<void>;
  /**
   * `false` when nobody listens for that node at this moment: it is dead, or on its way back. Rejects where the way is
   * broken; that it resolves with `true` does not say that the text was heard.
   */
  send(to: NodeAddress, text: string): Promise<boolean>;
  sendToAll(text: string): Promise<void>;
  /** Idempotent. Nothing is heard afterwards, and what is sent is refused. */
  close(): Promise<void>;
}
