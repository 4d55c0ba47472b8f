import type { Calls } from '../calls/calls';
import type { LineDirectory } from '../lines/line-directory';
import type { Lobby } from '../matchmaking/lobby';
import type { Peer } from '../peers/peer';
import type { PeerRegistry } from '../peers/peer-registry';

export interface CleanUp {
  /** Calls ended because one of their participants is no longer here. */
  readonly orphanedCalls: number;
  /** Peers in a call that has ended. */
  readonly strandedPeers: number;
  /** Lines of peers who are no longer here. */
  readonly orphanedLines: number;
}

export interface OrphanCleanUpDeps {
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly lines: LineDirectory;
  readonly lobby: Lobby;
}

/**
 * Finds calls, states and lines that should not exist, and removes them at an operator's request. On a healthy node
 * every figure is 0, and nothing relies on this.
 */
export class OrphanCleanUp {
  constructor(private readonly deps: OrphanCleanUpDeps) {}

  async cleanUp(): Promise<CleanUp> {
    await this.deps.lobby.sweep();
    return {
      orphanedCalls: this.endOrphanedCalls(),
      strandedPeers: this.freeStrandedPeers(),
      orphanedLines: this.closeOrphanedLines(),
    };
  }

  private endOrphanedCalls(): number {
    const { peers, calls } = this.deps;
    const isHeld = (peer: Peer): boolean => peer.gatewayNode !== null || peers.get(peer.id) === peer;
    let ended = 0;
    for (const call of [...calls.all()]) {
      if (call.participants.every(({ peer }) => isHeld(peer))) continue;
      calls.end(call, 'lost');
      ended += 1;
    }
    return ended;
  }

  private freeStrandedPeers(): number {
    const { peers, calls } = this.deps;
    let freed = 0;
    for (const peer of peers.all()) {
      const { state } = peer;
      if (state.kind !== 'in_call' || state.owner !== undefined) continue;
      if (calls.get(state.callId) !== undefined) continue;
      peer.state = { kind: 'idle' };
      freed += 1;
    }
    return freed;
  }

  private closeOrphanedLines(): number {
    const { peers, lines } = this.deps;
    return lines.owners().filter((peerId) => peers.get(peerId) === undefined && lines.close(peerId)).length;
  }
}
