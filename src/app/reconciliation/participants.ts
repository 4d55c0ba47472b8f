import { DomainError } from '../../domain/error';
import type { Calls } from '../calls/calls';
import { participantsReconcile } from '../calls/messages';
import type { RemoteCall, RemoteCalls } from '../calls/remote-calls';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { groupBy } from './group-by';
import { MissedCounter } from './missed-counter';

const RECONCILE_MS = 2_000;

export interface ParticipantReconciliationDeps {
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly calls: Calls;
  readonly remoteCalls: RemoteCalls;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

type AboutParticipant = { readonly callId: string; readonly peerId: string };

/**
 * Finds participants about whom their gateway and the owner of their call disagree: the notification that ends a call
 * may have been lost. Each gateway names its participants to the owners of their calls, which reply with those that
 * they do not know. A disagreement twice in a row ends the call, on either side.
 */
export class ParticipantReconciliation {
  /** Participants of remote calls that their owner did not know. */
  private readonly unknown = new MissedCounter();
  /** Participants of owned calls that their gateway did not name. */
  private readonly unnamed = new MissedCounter();
  private readonly stop: () => void;

  constructor(private readonly deps: ParticipantReconciliationDeps) {
    const { messenger, clock } = deps;
    messenger.onRequest(participantsReconcile, async ({ participants }, from) => ({
      unknown: this.compare(participants, from),
    }));
    this.stop = clock.every(RECONCILE_MS, () => this.reconcile());
  }

  close(): void {
    this.stop();
  }

  /**
   * The gateway's side. Nodes that own no call of its peers get the request too: they may believe that they own one.
   */
  private reconcile(): void {
    const { messenger, membership, remoteCalls, reportError } = this.deps;
    if (!membership.hears) return;
    const remote = [...remoteCalls.all()];
    this.unknown.keepOnly(new Set(remote.map(keyOfRemote)));
    const byOwner = groupBy(remote, ({ owner }) => owner);
    for (const { address } of membership.all()) if (!byOwner.has(address)) byOwner.set(address, []);
    byOwner.delete(messenger.self);
    for (const [owner, calls] of byOwner) {
      const participants = calls.map(({ callId, peer }) => ({ callId, peerId: peer.id }));
      messenger
        .request(owner, participantsReconcile, { participants })
        .then(({ unknown }) => this.judge(calls, new Set(unknown.map(({ peerId }) => peerId))))
        .catch((error: unknown) => {
          if (!(error instanceof DomainError)) reportError(error, 'participants could not be reconciled');
        });
    }
  }

  private judge(calls: readonly RemoteCall[], unknown: ReadonlySet<string>): void {
    const { remoteCalls } = this.deps;
    for (const call of calls) {
      if (remoteCalls.of(call.peer) !== call) continue;
      if (this.unknown.isLost(keyOfRemote(call), unknown.has(call.peer.id))) remoteCalls.lost(call);
    }
  }

  /** The owner's side. */
  private compare(named: readonly AboutParticipant[], gateway: NodeAddress): AboutParticipant[] {
    const { calls } = this.deps;
    const keys = new Set(named.map(({ callId, peerId }) => `${callId} ${peerId}`));
    for (const call of [...calls.all()]) {
      for (const { peer } of call.participants) {
        if (peer.gatewayNode !== gateway || !peer.isHere) continue;
        const key = `${call.id} ${peer.id}`;
        if (this.unnamed.isLost(`${key} ${gateway}`, !keys.has(key))) calls.end(call, 'lost', peer);
      }
    }
    return named.filter(({ callId, peerId }) => {
      const peer = calls.get(callId)?.participant(peerId)?.peer;
      return peer?.gatewayNode !== gateway;
    });
  }
}

/** The key contains the owner, so that a call with a new owner is counted from the beginning. */
const keyOfRemote = ({ callId, peer, owner }: RemoteCall): string => `${callId} ${peer.id} ${owner}`;
