import { DomainError } from '../../domain/error';
import { placeFor } from '../../domain/placement';
import type { Membership } from '../cluster/membership';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';

export interface LinePlacementDeps {
  readonly membership: Membership;
  readonly clock: Clock;
  readonly region: string;
}

/** Picks the node for a new line (V2, V8): in the peer's region, the node with the fewest lines a worker. */
export class LinePlacement {
  /** By node: when this node placed lines there lately, which that node's heartbeats may not count yet. */
  private readonly placed = new Map<NodeAddress, readonly number[]>();

  constructor(private readonly deps: LinePlacementDeps) {
    deps.membership.on({ died: (node) => this.placed.delete(node) });
  }

  /** Throws `DomainError('media_unavailable')` when no node takes lines. */
  place(): NodeAddress {
    const { membership, clock, region } = this.deps;
    const self = membership.self.address;
    const candidates = membership.all().map((node) => {
      const since = (this.placed.get(node.address) ?? []).filter((at) => at >= node.heardAt);
      this.placed.set(node.address, since);
      return { ...node, lines: node.lines + since.length };
    });
    const node = placeFor(candidates, region, self);
    if (node === undefined) throw new DomainError('media_unavailable', 'no node takes lines now', 1000);
    // This node's own count is up to date. Another node's is counted up here until its next heartbeat.
    if (node !== self) this.placed.set(node, [...(this.placed.get(node) ?? []), clock.elapsed()]);
    return node;
  }
}
