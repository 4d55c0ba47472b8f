import type { Calls } from '../calls/calls';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Peer } from '../peers/peer';
import type { MediaPlane } from '../lines/media-plane';
import type { Lobby } from '../matchmaking/lobby';

export interface CleanUp {
  /** Calls ended because one of their people is no longer here. */
  readonly orphanedCalls: number;
  /** Sessions that named a call which is over. */
  readonly strandedPeople: number;
  /** Lines of people who are no longer here. */
  readonly orphanedLines: number;
}

/**
 * Looks for what should not exist and takes it away. In a healthy node every figure is 0: nothing relies on
 * this, it is an operator's broom and an audit's witness.
 */
export class OrphanCleanUp {
  constructor(
    private readonly peers: PeerRegistry,
    private readonly calls: Calls,
    private readonly media: MediaPlane,
    private readonly lobby: Lobby,
  ) {}

  async cleanUp(): Promise<CleanUp> {
    await this.lobby.sweep();
    let orphanedCalls = 0;
    for (const call of [...this.calls.all()]) {
      const isHeld = (peer: Peer): boolean => peer.gatewayNode !== null || this.peers.get(peer.id) === peer;
      if (call.participants.every(({ peer }) => isHeld(peer))) continue;
      this.calls.end(call, 'lost');
      orphanedCalls += 1;
    }
    let strandedPeople = 0;
    for (const peer of this.peers.all()) {
      const { state } = peer;
      if (state.kind !== 'in_call' || state.owner !== undefined) continue;
      if (this.calls.get(state.callId) !== undefined) continue;
      peer.state = { kind: 'idle' };
      strandedPeople += 1;
    }
    let orphanedLines = 0;
    for (const peerId of this.media.lineOwners()) {
      if (this.peers.get(peerId) === undefined && this.media.closeLine(peerId)) orphanedLines += 1;
    }
    return { orphanedCalls, strandedPeople, orphanedLines };
  }
}
