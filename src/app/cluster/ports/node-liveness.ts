import type { NodeAddress } from '../../ports/bus';

export interface Silences {
  /**
   * How long one of the nodes, this one or one of those asked about, has sent signs of life without a gap (ms): the store
   * was there for so long. Null: none does at this moment.
   */
  readonly watchedMs: number | null;
  /** How long ago the last sign of a node came (ms); null: none is known. */
  readonly silentMs: (node: NodeAddress) => number | null;
}

export interface LivenessHost {
  /** The signs had a gap in which others may have declared this node dead. */
  onLapse(): void;
  /**
   * Whether the node can serve. The signs of a node that cannot for long stop, so that the others take over what it
   * holds.
   */
  isWell(): boolean;
}

/**
 * Signs of life of the nodes, kept where all nodes find them. This node's signs are sent independently of how busy its
 * event loop is, and all ages are measured by one clock.
 */
export interface NodeLiveness {
  /** Begins to send. */
  start(host: LivenessHost): void;
  /** Rejects when the store cannot be reached. */
  silences(nodes: readonly NodeAddress[]): Promise<Silences>;
  /** Idempotent. Stops sending. */
  close(): Promise<void>;
}
