import { LIMITS } from '../../protocol';
import type { Membership } from '../cluster/membership';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Call } from './call';
import type { Calls } from './calls';
import type { RemoteCall, RemoteCalls } from './remote-calls';

export interface PartnerDoubtDeps {
  readonly calls: Pick<Calls, 'all' | 'get' | 'sendState'>;
  readonly remoteCalls: Pick<RemoteCalls, 'all' | 'of' | 'rejoin'>;
  readonly membership: Pick<Membership, 'hears'>;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

const CHECK_MS = 250;
/** A node that was only late hears itself again before the second check. */
const CHECKS_UNTIL_DOUBT = 2;

interface Doubt {
  readonly callId: string;
  /** The peer's presence when they were told: one that has come back since has been told that the partner is here. */
  readonly presence: Peer['presence'];
  isAsking: boolean;
}

/**
 * While this node does not hear the bus, a partner at another node may have left, and nobody can say so. Participants are
 * then told that their partner reconnects, instead of being shown a partner who may be with somebody else (M7). As soon as
 * the bus is heard again, they are told how it is; the owner of a remote call is asked until it answers.
 */
export class PartnerDoubt {
  /** By participant who was told. */
  private readonly doubts = new Map<Peer, Doubt>();
  private deafChecks = 0;
  private readonly stop: () => void;

  constructor(private readonly deps: PartnerDoubtDeps) {
    this.stop = deps.clock.every(CHECK_MS, () => this.check());
  }

  close(): void {
    this.stop();
    this.doubts.clear();
  }

  private check(): void {
    this.deafChecks = this.deps.membership.hears ? 0 : this.deafChecks + 1;
    if (this.deafChecks === 0) for (const [peer, doubt] of this.doubts) this.resolve(peer, doubt);
    else if (this.deafChecks >= CHECKS_UNTIL_DOUBT) this.doubtAll();
  }

  private doubtAll(): void {
    const { calls, remoteCalls } = this.deps;
    for (const { peer, callId, announced, leaving } of remoteCalls.all()) {
      if (announced && leaving === null) this.doubt(peer, callId);
    }
    for (const call of calls.all()) {
      if (call.announced) for (const { peer } of call.participants) this.doubtOwned(call, peer);
    }
  }

  /** Whose partner is away was told so, and for how long their place is held. */
  private doubtOwned(call: Call, peer: Peer): void {
    const { peer: partner } = call.other(peer.id);
    if (peer.gatewayNode === null && partner.gatewayNode !== null && partner.isHere)
      this.doubt(peer, call.id);
  }

  private doubt(peer: Peer, callId: string): void {
    const { presence } = peer;
    const told = this.doubts.get(peer);
    if (told?.callId === callId && told.presence === presence) return;
    this.doubts.set(peer, { callId, presence, isAsking: false });
    peer.send({ event: 'partner_reconnecting', data: { callId, graceMs: LIMITS.resumeSeconds * 1000 } });
  }

  private resolve(peer: Peer, doubt: Doubt): void {
    const { calls, remoteCalls } = this.deps;
    const owned = calls.get(doubt.callId);
    const remote = remoteCalls.of(peer);
    if (remote?.callId === doubt.callId) {
      void this.ask(remote, doubt);
      return;
    }
    this.doubts.delete(peer);
    if (owned?.participant(peer.id)?.peer === peer) calls.sendState(owned, owned.other(peer.id).peer);
  }

  /** The owner sends everything about the call when it answers. It may hear the bus later than this node. */
  private async ask(call: RemoteCall, doubt: Doubt): Promise<void> {
    if (doubt.isAsking) return;
    doubt.isAsking = true;
    try {
      const isAnswered = await this.deps.remoteCalls.rejoin(call);
      if (isAnswered && this.doubts.get(call.peer) === doubt) this.doubts.delete(call.peer);
    } catch (error) {
      this.deps.reportError(error, 'the owner of a call could not be asked about it');
    } finally {
      doubt.isAsking = false;
    }
  }
}
