import { DomainError } from '../../domain/error';
import type { Call } from '../calls/call';
import type { Calls } from '../calls/calls';
import { participantsConfirm, participantsReconcile } from '../calls/messages';
import type { RemoteCall, RemoteCalls } from '../calls/remote-calls';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { Peer } from '../peers/peer';
import type { PeerRegistry } from '../peers/peer-registry';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { groupBy } from './group-by';
import { MissedCounter } from './missed-counter';

/** What a lost message leaves behind is found within this time, so that nobody believes for long to be in a call (M7). */
const RECONCILE_MS = 1_000;
/** How many rounds in a row say that it is lost, where a message on its way is as likely. */
const LOST_AFTER_ROUNDS = 4;

export interface ParticipantReconciliationDeps {
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly calls: Calls;
  readonly remoteCalls: RemoteCalls;
  readonly peers: Pick<PeerRegistry, 'get'>;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

type AboutParticipant = { readonly callId: string; readonly peerId: string };

/** A participant of a call that this node owns, with another gateway. */
interface Remote {
  readonly call: Call;
  readonly peer: Peer;
}

/**
 * Finds participants about whom their gateway and the owner of their call disagree: the notification that ends a call
 * may have been lost. Each gateway names its participants to the owners of their calls, which reply with those that
 * they do not know; about those the gateway tells the owner anew. Those that an owner misses, it asks the gateway about.
 * Messages between two nodes keep their order, so the gateway has heard of the call before it is asked: when the peer is
 * there, its answer is final. When not, the peer may be moving to another gateway, which needs some rounds.
 */
export class ParticipantReconciliation {
  /** Participants of remote calls that their owner did not know. */
  private readonly unknown = new MissedCounter();
  /** Participants of owned calls that their gateway did not name. */
  private readonly unnamed = new MissedCounter();
  private readonly stop: () => void;

  constructor(private readonly deps: ParticipantReconciliationDeps) {
    const { messenger, membership, clock } = deps;
    messenger.onRequest(participantsReconcile, async ({ participants }, from) => ({
      unknown: this.compare(participants, from),
    }));
    messenger.onRequest(participantsConfirm, async ({ participants }) => ({
      unknown: participants.filter(({ callId, peerId }) => this.isElse(callId, peerId)),
    }));
    // The notifications that end calls may be among what this node has missed.
    membership.on({ heldUp: () => this.confirmAll() });
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

  /** The owner may not have heard yet that this node is the gateway. If it does not know them after that, the call is lost. */
  private judge(calls: readonly RemoteCall[], unknown: ReadonlySet<string>): void {
    const { remoteCalls, reportError } = this.deps;
    for (const call of calls) {
      if (remoteCalls.of(call.peer) !== call) continue;
      const isUnknown = unknown.has(call.peer.id);
      if (this.unknown.isLost(keyOfRemote(call), isUnknown, LOST_AFTER_ROUNDS)) remoteCalls.lost(call);
      else if (isUnknown) {
        remoteCalls
          .rejoin(call)
          .catch((error: unknown) => reportError(error, 'a call could not be rejoined'));
      }
    }
  }

  /** The owner's side. */
  private compare(named: readonly AboutParticipant[], gateway: NodeAddress): AboutParticipant[] {
    const { calls } = this.deps;
    const keys = new Set(named.map(keyOf));
    const missed = this.remotes().filter(({ call, peer }) => {
      if (peer.gatewayNode !== gateway) return false;
      const key = keyOf({ callId: call.id, peerId: peer.id });
      const isMissing = !keys.has(key);
      if (!this.unnamed.isLost(`${key} ${gateway}`, isMissing, LOST_AFTER_ROUNDS)) return isMissing;
      calls.end(call, 'lost', peer);
      return false;
    });
    if (missed.length > 0) this.confirm(missed, gateway);
    return named.filter(({ callId, peerId }) => {
      const peer = calls.get(callId)?.participant(peerId)?.peer;
      return peer?.gatewayNode !== gateway;
    });
  }

  private confirmAll(): void {
    for (const [gateway, remotes] of groupBy(this.remotes(), ({ peer }) => peer.gatewayNode))
      if (gateway !== null) this.confirm(remotes, gateway);
  }

  /** Ends the calls of those whom their gateway does not know in them. */
  private confirm(remotes: readonly Remote[], gateway: NodeAddress): void {
    const { messenger, calls, reportError } = this.deps;
    const participants = remotes.map(({ call, peer }) => ({ callId: call.id, peerId: peer.id }));
    messenger
      .request(gateway, participantsConfirm, { participants })
      .then(({ unknown }) => {
        const keys = new Set(unknown.map(keyOf));
        for (const { call, peer } of remotes) {
          const isSame = calls.get(call.id)?.participant(peer.id)?.peer === peer && peer.isHere;
          if (isSame && keys.has(keyOf({ callId: call.id, peerId: peer.id }))) calls.end(call, 'lost', peer);
        }
      })
      .catch((error: unknown) => {
        // The next round asks again. A gateway that is dead is found out elsewhere.
        if (!(error instanceof DomainError)) reportError(error, 'participants could not be confirmed');
      });
  }

  /** The gateway's side: whether the peer is here, and not in this call, whichever node owns it. */
  private isElse(callId: string, peerId: string): boolean {
    const { peers, calls, remoteCalls } = this.deps;
    const peer = peers.get(peerId);
    if (peer === undefined || remoteCalls.of(peer)?.callId === callId) return false;
    return calls.get(callId)?.participant(peerId)?.peer !== peer;
  }

  private remotes(): Remote[] {
    return [...this.deps.calls.all()].flatMap((call) =>
      call.participants.flatMap(({ peer }) =>
        peer.gatewayNode !== null && peer.isHere ? [{ call, peer }] : [],
      ),
    );
  }
}

const keyOf = ({ callId, peerId }: AboutParticipant): string => `${callId} ${peerId}`;

/** The key contains the owner, so that a call with a new owner is counted from the beginning. */
const keyOfRemote = ({ callId, peer, owner }: RemoteCall): string => `${callId} ${peer.id} ${owner}`;
