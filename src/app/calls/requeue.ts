import type { Wishes } from '../../protocol';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { Peer } from '../peers/peer';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import type { Call } from './call';
import { participantRequeued } from './messages';

export interface RequeueEvents {
  /** The peer's call failed. The peer searches on with these wishes and the waiting time they had. */
  requeued(peer: Peer, wishes: Wishes, since: number): void;
}

/** Sends participants back to their search when their call failed for a reason that is not their own. */
export class Requeue implements EventSource<RequeueEvents> {
  private readonly events = new EventEmitter<RequeueEvents>();

  constructor(private readonly messenger: NodeMessenger) {}

  on(listener: Partial<RequeueEvents>): void {
    this.events.on(listener);
  }

  peer(peer: Peer, wishes: Wishes, since: number): void {
    this.events.emit((listener) => listener.requeued?.(peer, wishes, since));
  }

  /** Requeues all participants of a call that has just ended, except these. */
  participants(call: Call, except: readonly Peer[]): void {
    for (const { peer, wishes, since } of call.participants) {
      if (except.includes(peer)) continue;
      if (peer.gatewayNode === null) this.peer(peer, wishes, since);
      else this.messenger.notify(peer.gatewayNode, participantRequeued, { callId: call.id, peerId: peer.id });
    }
  }
}
