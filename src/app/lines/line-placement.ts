import { DomainError } from '../../domain/error';
import { placeFor } from '../../domain/placement';
import type { Membership } from '../cluster/membership';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';

export interface LinePlacementDeps {
  readonly membership: Pick<Membership, 'self' | 'all' | 'on'>;
  readonly clock: Clock;
  readonly region: string;
}

/** A line that is being opened on a node, or was opened there. */
interface PlacedLine {
  /** When the node's answer was heard (`Clock.elapsed`); undefined while it is waited for. */
  openedAt?: number;
}

/** Picks the node for a new line (V2, V8): in the peer's region, the node with the fewest lines a worker. */
export class LinePlacement {
  /** By node: lines that this node placed there, which that node's heartbeats may not count yet. */
  private readonly placed = new Map<NodeAddress, readonly PlacedLine[]>();

  constructor(private readonly deps: LinePlacementDeps) {
    deps.membership.on({ died: (node) => this.placed.delete(node) });
  }

  /**
   * Opens a line on the node that it belongs on. Throws `DomainError('media_unavailable')` when no node takes lines, and
   * what `open` throws.
   */
  async place<Opened>(open: (node: NodeAddress) => Promise<Opened>): Promise<Opened> {
    const { membership, clock } = this.deps;
    const node = this.pick();
    // This node's own count is up to date.
    if (node === membership.self.address) return open(node);
    const line: PlacedLine = {};
    this.placed.set(node, [...(this.placed.get(node) ?? []), line]);
    try {
      return await open(node);
    } finally {
      // A node's messages arrive in the order in which they were sent, so every heartbeat from now on counts the line. One
      // that was heard before may have been sent before the line was made.
      line.openedAt = clock.elapsed();
    }
  }

  private pick(): NodeAddress {
    const { membership, region } = this.deps;
    const candidates = membership.all().map((node) => {
      const uncounted = (this.placed.get(node.address) ?? []).filter(
        ({ openedAt }) => openedAt === undefined || openedAt >= node.heardAt,
      );
      this.placed.set(node.address, uncounted);
      return { ...node, lines: node.lines + uncounted.length };
    });
    const node = placeFor(candidates, region, membership.self.address);
    if (node === undefined) throw new DomainError('media_unavailable', 'no node takes lines now', 1000);
    return node;
  }
}
