import type { Calls } from '../calls/calls';
import type { DrainStage } from '../cluster/drain';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineDirectory } from '../lines/line-directory';
import type { Peer } from '../peers/peer';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Clock } from '../ports/clock';

/** Sockets closed in one step. Few, because each of them causes a handshake on another node at once. */
const PEERS_A_STEP = 5;
/** Load balancers get this long to learn from the health check that this node takes nobody any more. */
const HEALTH_CHECK_MS = 500;

export interface PeerDrainDeps {
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly lines: LineDirectory;
  readonly messenger: NodeMessenger;
  readonly clock: Clock;
}

/** Sends the sockets of a draining node to other nodes, which become the gateways of their peers (V9). */
export class PeerDrain implements DrainStage {
  readonly needs = 'gateways';
  private begunAt = 0;

  constructor(private readonly deps: PeerDrainDeps) {}

  begin(): void {
    this.begunAt = this.deps.clock.elapsed();
  }

  move(isForced: boolean): void {
    // A client that is sent on too early comes back here and is rejected.
    if (!isForced && this.deps.clock.elapsed() - this.begunAt < HEALTH_CHECK_MS) return;
    let moved = 0;
    for (const peer of this.deps.peers.all()) {
      if (peer.presence.state !== 'here') continue;
      if (!isForced && (moved >= PEERS_A_STEP || !this.canMove(peer))) continue;
      peer.presence.socket.close('moving');
      moved += 1;
    }
  }

  /** Whether the peer's line is on another node, and no bridge is being made that the peer would have to be told of. */
  private canMove(peer: Peer): boolean {
    const { lines, calls, messenger } = this.deps;
    if (lines.lineOf(peer.id)?.node === messenger.self || lines.isMoving(peer.id)) return false;
    const mediaState = peer.state.kind === 'in_call' ? calls.get(peer.state.callId)?.media.state : undefined;
    return mediaState !== 'bridging' && mediaState !== 'offered';
  }
}
