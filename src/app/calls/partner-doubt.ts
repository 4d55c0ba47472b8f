import { LIMITS } from '../../protocol';
import type { Membership } from '../cluster/membership';
import type { Peer } from '../peers/peer';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Calls } from './calls';
import type { RemoteCall, RemoteCalls } from './remote-calls';

export interface PartnerDoubtDeps {
  readonly calls: Pick<Calls, 'all' | 'get' | 'sendState'>;
  readonly remoteCalls: Pick<RemoteCalls, 'all' | 'of' | 'rejoin'>;
  readonly membership: Pick<Membership, 'hears' | 'others'>;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

const CHECK_MS = 250;
/** A node that was only late hears itself again before the second check. */
const CHECKS_UNTIL_DOUBT = 2;
/**
 * A node of which nothing was heard for this long may be dead. While the store of signs of life is there, a dead node is
 * declared dead not much later; a store that has just lost everything knows of no death for two seconds.
 */
const SILENT_MS = 1_500;

interface Doubt {
  readonly callId: string;
  /** The node that would say how it is. */
  readonly node: NodeAddress;
  /** The peer's presence when they were told: one that has come back since has been told that the partner is here. */
  readonly presence: Peer['presence'];
  isAsking: boolean;
}

/**
 * While this node does not hear the bus, or not the other node of a call, a partner there may have left, and nobody can say
 * so. Participants are then told that their partner reconnects, instead of being shown a partner who may be with somebody
 * else (M7). As soon as the other node is heard again, they are told how it is; the owner of a remote call is asked until
 * it answers.
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
    const { membership, clock } = this.deps;
    this.deafChecks = membership.hears ? 0 : this.deafChecks + 1;
    if (this.deafChecks > 0 && this.deafChecks < CHECKS_UNTIL_DOUBT) return;
    const isDeaf = this.deafChecks > 0;
    const now = clock.elapsed();
    const silent = new Set(
      membership.others().flatMap(({ address, heardAt }) => (now - heardAt >= SILENT_MS ? [address] : [])),
    );
    const isDoubtful = (node: NodeAddress): boolean => isDeaf || silent.has(node);
    for (const [peer, doubt] of this.doubts) if (!isDoubtful(doubt.node)) this.resolve(peer, doubt);
    if (isDeaf || silent.size > 0) this.doubtAll(isDoubtful);
  }

  private doubtAll(isDoubtful: (node: NodeAddress) => boolean): void {
    const { calls, remoteCalls } = this.deps;
    for (const { peer, callId, owner, announced, leaving } of remoteCalls.all()) {
      if (announced && leaving === null && isDoubtful(owner)) this.doubt(peer, callId, owner);
    }
    for (const call of calls.all()) {
      if (!call.announced) continue;
      for (const { peer } of call.participants) {
        const { gatewayNode, isHere } = call.other(peer.id).peer;
        // Whose partner is away was told so, and for how long their place is held.
        const isToBeTold = peer.gatewayNode === null && isHere;
        if (isToBeTold && gatewayNode !== null && isDoubtful(gatewayNode))
          this.doubt(peer, call.id, gatewayNode);
      }
    }
  }

  private doubt(peer: Peer, callId: string, node: NodeAddress): void {
    const { presence } = peer;
    const told = this.doubts.get(peer);
    if (told?.callId === callId && told.presence === presence) return;
    this.doubts.set(peer, { callId, node, presence, isAsking: false });
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
