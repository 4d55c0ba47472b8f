import type { PeerTickets, Holding } from './peer-tickets';
import { isSame } from './peer-tickets';
import type { ShardTickets } from './shard-tickets';

/** Entries looked at in one sweep. */
const ENTRIES_A_SWEEP = 500;

/**
 * Entries of peers whose ticket does not wait. A process leaves them when it dies between the two steps of adding, or
 * between a claim and the drop of its peers' entries. `add` replaces such an entry when the peer searches again; this
 * class is for peers that never do. An entry found in two sweeps in a row is removed, after its token was made void.
 */
export class Orphans {
  private suspects = new Map<string, Holding>();

  constructor(
    private readonly peers: PeerTickets,
    private readonly shard: (name: string) => ShardTickets,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Looks at some entries, and returns how many orphans it removed. */
  async sweep(): Promise<number> {
    const removed = await this.takeAway();
    const looked = (await this.peers.some(ENTRIES_A_SWEEP, this.onError)).map(async ([peerId, holding]) => {
      const waits = await this.shard(holding.shard).isWaiting(holding.ticketId);
      if (!waits) this.suspects.set(peerId, holding);
    });
    await Promise.all(looked);
    return removed;
  }

  private async takeAway(): Promise<number> {
    const suspects = this.suspects;
    this.suspects = new Map();
    let removed = 0;
    for (const [peerId, suspect] of suspects) {
      const standing = await this.peers.look(peerId);
      if (standing === null || !isSame(standing, suspect)) continue;
      if ((await this.shard(suspect.shard).void(suspect.ticketId, suspect.token)) === 'waiting') continue;
      await this.peers.drop([{ id: suspect.ticketId, peerId }]);
      removed++;
    }
    return removed;
  }
}
