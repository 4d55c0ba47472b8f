import { LIMITS } from '../../protocol';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Calls } from './calls';
import type { RemoteCalls } from './remote-calls';

export interface PartnerDoubtDeps {
  readonly calls: Pick<Calls, 'all' | 'get' | 'sendState'>;
  readonly remoteCalls: Pick<RemoteCalls, 'all' | 'of' | 'rejoin'>;
  readonly membership: Pick<Membership, 'hears' | 'on'>;
  readonly messenger: Pick<NodeMessenger, 'on'>;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

const LOOK_MS = 250;
/** A node that was only late hears itself again before the second look. */
const LOOKS_UNTIL_DOUBT = 2;

/**
 * While this node hears no other one, a partner at another node may have left, and nobody can say so. Participants are
 * then told that their partner reconnects, instead of being shown a partner who may be with somebody else (M7). When the
 * other nodes are heard again, they are told how it is.
 */
export class PartnerDoubt {
  /** Participants who were told, with the ids of their calls. */
  private readonly doubted = new Map<Peer, string>();
  private deafLooks = 0;
  private readonly stop: () => void;

  constructor(private readonly deps: PartnerDoubtDeps) {
    const { membership, messenger, clock } = deps;
    // The owners are asked about all remote calls then, and tell everything anew.
    membership.on({ heldUp: () => this.remoteAreAsked() });
    messenger.on({ restored: () => this.remoteAreAsked() });
    this.stop = clock.every(LOOK_MS, () => this.look());
  }

  close(): void {
    this.stop();
    this.doubted.clear();
  }

  private look(): void {
    this.deafLooks = this.deps.membership.hears ? 0 : this.deafLooks + 1;
    if (this.deafLooks === 0) this.resolveAll();
    else if (this.deafLooks >= LOOKS_UNTIL_DOUBT) this.doubtAll();
  }

  private doubtAll(): void {
    const { calls, remoteCalls } = this.deps;
    for (const { peer, callId, announced, leaving } of remoteCalls.all()) {
      if (announced && leaving === null) this.doubt(peer, callId);
    }
    for (const call of calls.all()) {
      const [one, other] = call.participants.map(({ peer }) => peer);
      if (!call.announced || one === undefined || other === undefined) continue;
      if (one.gatewayNode === null && other.gatewayNode !== null) this.doubt(one, call.id);
      if (other.gatewayNode === null && one.gatewayNode !== null) this.doubt(other, call.id);
    }
  }

  private doubt(peer: Peer, callId: string): void {
    if (this.doubted.get(peer) === callId) return;
    this.doubted.set(peer, callId);
    peer.send({ event: 'partner_reconnecting', data: { callId, graceMs: LIMITS.resumeSeconds * 1000 } });
  }

  private resolveAll(): void {
    const { calls, remoteCalls, reportError } = this.deps;
    for (const [peer, callId] of this.doubted) {
      const owned = calls.get(callId);
      const remote = remoteCalls.of(peer);
      if (owned?.participant(peer.id)?.peer === peer) calls.sendState(owned, owned.other(peer.id).peer);
      else if (remote?.callId === callId)
        remoteCalls
          .rejoin(remote)
          .catch((error: unknown) => reportError(error, 'the owner of a call could not be asked about it'));
    }
    this.doubted.clear();
  }

  private remoteAreAsked(): void {
    for (const peer of this.doubted.keys())
      if (this.deps.remoteCalls.of(peer) !== undefined) this.doubted.delete(peer);
  }
}
