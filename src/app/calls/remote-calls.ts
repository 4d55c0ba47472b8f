import { DomainError } from '../../domain/error';
import type { ClientEventName, Wishes } from '../../protocol';
import type { Membership } from '../cluster/membership';
import type { DataOf, RequestDefinition } from '../cluster/messages';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineDirectory } from '../lines/line-directory';
import type { Peer } from '../peers/peer';
import type { Departure, PeerRegistry } from '../peers/peer-registry';
import { ageOf } from '../ports/ages';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import {
  participantAway,
  participantBack,
  participantCallEnded,
  participantCommand,
  participantConnected,
  participantGone,
  participantLeave,
  participantLine,
  participantRequeued,
  peerMessage,
} from './messages';
import { NOWHERE, remotePeerState } from './remote-peer';
import { parseServerMessage } from './server-message';
import type { Requeue } from './requeue';
import type { TalkMeter } from './talk-meter';

/** The call of a peer whose gateway is here, where another node owns the call. */
export interface RemoteCall {
  readonly callId: string;
  readonly peer: Peer;
  readonly partner: { readonly id: string; readonly name: string };
  readonly wishes: Wishes;
  /** When the peer's waiting began (`Clock.elapsed`). */
  readonly since: number;
  owner: NodeAddress;
  /** ms since the epoch */
  connectedAt: number | null;
  /** The peer has asked to leave. If the call is lost before its owner replies, it counts as left, not as lost. */
  leaving: LeaveReason | null;
  /** The peer has been told of the call. */
  announced: boolean;
}

type LeaveReason = 'next' | 'left' | 'plan_over';
type AboutParticipant = { readonly callId: string; readonly peerId: string };

export interface RemoteCallEvents {
  /** The owner of this call is dead: another node has to own it. */
  ownerLost(call: RemoteCall): void;
}

export interface RemoteCallsDeps {
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly peers: PeerRegistry;
  readonly lines: LineDirectory;
  readonly meter: TalkMeter;
  readonly requeue: Requeue;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** How long reports and blocks about an ended call are still sent to its owner. */
const REMEMBERED_MS = 5 * 60_000;
/** How long a request is repeated while the call has no owner. */
const NEW_OWNER_MS = 1_000;
const RETRY_MS = 50;
/** How long it may take until an unreachable owner is declared dead and its call has a new owner. */
const FAILOVER_MS = 1_500;
/** After a failover, `rejoin` may arrive before the owner knows its call. How long the second try waits. */
const SECOND_TRY_MS = 300;
/** How long until an owner that has not answered is told once more which of its participants are here. */
const ANNOUNCE_AGAIN_MS = 500;
/** Messages that are delivered even after the call has ended here: they say that it ended, and why. */
const MESSAGES_OF_THE_END: ReadonlySet<string> = new Set(['partner_disconnected', 'error']);

/**
 * The gateway's side of calls that other nodes own. It forwards what participants do to the owner, and delivers what
 * the owner sends to them. It makes one decision itself: what becomes of a peer whose call no node knows any more.
 */
export class RemoteCalls implements EventSource<RemoteCallEvents> {
  /** By peer: a peer is in one call at most. */
  private readonly present = new Map<string, RemoteCall>();
  /** Ended calls by call and peer. Reports and blocks still need their owners. */
  private readonly recent = new Map<string, RemoteCall>();
  /** Calls whose owners are being told that their peers are here. */
  private readonly announcing = new Set<RemoteCall>();
  private readonly events = new EventEmitter<RemoteCallEvents>();

  constructor(private readonly deps: RemoteCallsDeps) {
    const { messenger, membership, lines } = deps;
    messenger.onNotification(peerMessage, (message, from) => this.deliver(message, from));
    messenger.onNotification(participantConnected, ({ callId, peerId, at }, from) => {
      const call = this.get(callId, peerId);
      if (call?.owner === from) this.connected(call, at);
    });
    messenger.onNotification(participantCallEnded, (ended, from) => this.ended(ended, from));
    messenger.onNotification(participantRequeued, (about, from) => this.requeued(about, from));
    lines.on({
      changed: (peerId, line) => {
        const call = this.present.get(peerId);
        if (call === undefined) return;
        messenger.notify(call.owner, participantLine, { callId: call.callId, peerId, line });
      },
    });
    membership.on({ died: (node) => this.nodeDied(node), heldUp: () => this.announceAll() });
    messenger.on({ restored: () => this.announceAll() });
  }

  on(listener: Partial<RemoteCallEvents>): void {
    this.events.on(listener);
  }

  /** The peer's present call, if another node owns it. */
  of(peer: Peer): RemoteCall | undefined {
    return this.present.get(peer.id);
  }

  all(): IterableIterator<RemoteCall> {
    return this.present.values();
  }

  /** The owner of a call that the peer is in or was in, if another node owns it. */
  ownerOf(peer: Peer, callId: string): NodeAddress | undefined {
    return this.presentOrRecent(callId, peer.id)?.owner;
  }

  partnerIn(peer: Peer, callId: string): string | undefined {
    return this.presentOrRecent(callId, peer.id)?.partner.id;
  }

  /** The peer is in this call from now on. */
  add(call: Omit<RemoteCall, 'connectedAt' | 'leaving'>): RemoteCall {
    const added: RemoteCall = { ...call, connectedAt: null, leaving: null };
    this.present.set(call.peer.id, added);
    return added;
  }

  /** Forgets the peer's call without ending it: this node owns it now, or another node is the peer's gateway. */
  remove(peer: Peer): RemoteCall | undefined {
    const call = this.present.get(peer.id);
    if (call === undefined) return undefined;
    this.present.delete(peer.id);
    this.deps.meter.end(call.callId, peer);
    return call;
  }

  ownerChanged(call: RemoteCall, owner: NodeAddress): void {
    call.owner = owner;
    const { state } = call.peer;
    if (state.kind === 'in_call') call.peer.state = { ...state, owner };
  }

  /** Sends a client's event to the owner of its call; answers with the data of the owner's reply. */
  async forward(peer: Peer, callId: string, event: ClientEventName, data: unknown): Promise<object> {
    const owner = this.ownerOf(peer, callId);
    if (owner === undefined) throw new DomainError('stale_call', 'that call is unknown or long over');
    const command = { callId, peerId: peer.id, event, data };
    return (await this.requestOwner(peer, owner, participantCommand, command)).data;
  }

  /** Leaves the peer's call. The peer is idle afterwards, whatever the owner replies. */
  async leave(peer: Peer, reason: LeaveReason): Promise<void> {
    const call = this.present.get(peer.id);
    if (call === undefined) return;
    const about = { callId: call.callId, peerId: peer.id, reason };
    call.leaving = reason;
    let requested: NodeAddress | undefined;
    // If the owner dies during the request, the leave is repeated at the new owner.
    while (requested !== call.owner && this.present.get(peer.id) === call) {
      requested = call.owner;
      try {
        await this.requestOwner(peer, requested, participantLeave, about);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        if (error.code === 'node_unreachable') await this.untilOwnerChanges(call, requested);
      }
    }
    // The owner notifies this node of the end before it replies. If that message was lost, the peer leaves anyway.
    if (this.present.get(peer.id) === call) this.left(call, reason);
  }

  away(peer: Peer, graceMs: number, moving = false): void {
    const call = this.present.get(peer.id);
    if (call === undefined) return;
    const { callId, owner } = call;
    this.deps.messenger.notify(owner, participantAway, { callId, peerId: peer.id, graceMs, moving });
  }

  gone(peer: Peer, how: Departure): void {
    const call = this.remove(peer);
    if (call === undefined) return;
    const about = { callId: call.callId, peerId: peer.id, how };
    this.deps.messenger.notify(call.owner, participantGone, about);
  }

  /**
   * Tells the owner that this node is the peer's gateway. If the owner does not know the call, the peer searches on.
   * `false`: the owner has not answered.
   */
  async rejoin(call: RemoteCall, isFirstTry = true): Promise<boolean> {
    const { messenger, membership, lines, clock } = this.deps;
    const { callId, peer, wishes, since } = call;
    const data = {
      callId,
      peerId: peer.id,
      isHere: peer.isHere,
      remotePeer: remotePeerState(peer, { wishes, waitedMs: ageOf(clock, since) }, lines.lineOf(peer.id)),
    };
    const reply = await messenger.request(call.owner, participantBack, data).catch((error: unknown) => {
      if (!(error instanceof DomainError)) throw error;
      return undefined;
    });
    if (this.present.get(peer.id) !== call) return true;
    if (reply === undefined) {
      // If the owner is dying, `nodeDied` follows when it is declared dead. A node that has just started never heard
      // of nodes that died before its start, so it looks for a new owner at once.
      if (!membership.isReachable(call.owner)) this.events.emit((listener) => listener.ownerLost?.(call));
    } else if (reply.known) this.connected(call, reply.connectedAt);
    else if (isFirstTry) clock.after(SECOND_TRY_MS, () => void this.rejoin(call, false).catch(this.report));
    else this.lost(call);
    return reply !== undefined;
  }

  /** No node knows the call any more. The participant searches on, with the waiting time they had. */
  lost(call: RemoteCall): void {
    if (call.leaving !== null) {
      this.left(call, call.leaving);
      return;
    }
    this.finish(call, 'lost', null);
    call.peer.send({ event: 'partner_disconnected', data: { callId: call.callId, reason: 'lost' } });
    this.deps.requeue.peer(call.peer, call.wishes, call.since);
  }

  close(): void {
    for (const call of [...this.present.values()]) this.deps.meter.end(call.callId, call.peer);
    this.present.clear();
    this.recent.clear();
  }

  private get(callId: string, peerId: string): RemoteCall | undefined {
    const call = this.present.get(peerId);
    return call?.callId === callId ? call : undefined;
  }

  private presentOrRecent(callId: string, peerId: string): RemoteCall | undefined {
    return this.get(callId, peerId) ?? this.recent.get(keyOf(callId, peerId));
  }

  /**
   * The owner may have released the call at this moment, or may not know yet that this node is the gateway. So the
   * request is repeated for a while, at the present owner. If this node has become the owner, the error is thrown,
   * and the router finds the call here.
   */
  private async requestOwner<Data extends AboutParticipant, Reply>(
    peer: Peer,
    owner: NodeAddress,
    definition: RequestDefinition<Data, Reply>,
    data: Data,
  ): Promise<Reply> {
    const { clock, messenger } = this.deps;
    try {
      if (owner === NOWHERE) throw new DomainError('node_unreachable', 'the call has no owner yet', 1000);
      return await messenger.request(owner, definition, data);
    } catch (error) {
      if (owner !== NOWHERE && !isStale(error)) throw error;
      for (const until = clock.elapsed() + NEW_OWNER_MS; clock.elapsed() < until;) {
        await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
        const call = this.get(data.callId, peer.id);
        if (call === undefined) break;
        if (call.owner === NOWHERE) continue;
        try {
          return await messenger.request(call.owner, definition, data);
        } catch (again) {
          if (!isStale(again)) throw again;
        }
      }
      throw error;
    }
  }

  /** The next owner has to hear of the leave, or it would hold a place for a participant who has left. */
  private async untilOwnerChanges(call: RemoteCall, owner: NodeAddress): Promise<void> {
    const { clock, membership } = this.deps;
    for (const until = clock.elapsed() + FAILOVER_MS; membership.hears && clock.elapsed() < until;) {
      if (call.owner !== owner || this.present.get(call.peer.id) !== call) return;
      await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
    }
  }

  /**
   * Only a call's owner may send messages about it. A node that was declared dead may not know yet that it owns the
   * call no longer, so its messages are dropped. For a call that has ended here, only messages about the end are
   * delivered.
   */
  private deliver({ peerId, callId, message }: DataOf<typeof peerMessage>, from: NodeAddress): void {
    const peer = this.deps.peers.get(peerId);
    if (peer === undefined || (callId !== null && this.ownerOf(peer, callId) !== from)) return;
    const parsed = parseServerMessage(message);
    if (parsed === undefined) return;
    const call = callId === null ? undefined : this.get(callId, peerId);
    if (call !== undefined && parsed.event === 'partner_found') call.announced = true;
    if (callId === null || call !== undefined || MESSAGES_OF_THE_END.has(parsed.event)) peer.send(parsed);
  }

  private connected(call: RemoteCall, at: number | null): void {
    if (at === null || call.connectedAt !== null) return;
    call.connectedAt = at;
    const { peer, callId } = call;
    this.deps.meter.begin(callId, peer, () => void this.leave(peer, 'plan_over').catch(this.report));
  }

  private ended(
    { callId, peerId, by, reason }: DataOf<typeof participantCallEnded>,
    from: NodeAddress,
  ): void {
    const call = this.get(callId, peerId);
    if (call?.owner !== from) return;
    this.finish(call, reason, by);
    // The owner had not heard of this peer for too long. The peer did not ask for the end, so they are told.
    if (reason === 'lost' && by === peerId)
      call.peer.send({ event: 'partner_disconnected', data: { callId, reason } });
  }

  private left(call: RemoteCall, reason: LeaveReason): void {
    this.finish(call, reason, call.peer.id);
    // The peer did not ask for this end, and the owner has not told them.
    if (reason === 'plan_over')
      call.peer.send({ event: 'partner_disconnected', data: { callId: call.callId, reason } });
  }

  private finish(
    call: RemoteCall,
    reason: DataOf<typeof participantCallEnded>['reason'],
    by: string | null,
  ): void {
    const { clock } = this.deps;
    const { peer, callId, partner } = call;
    this.remove(peer);
    peer.recordEncounter(partner.id, clock.elapsed());
    if (by === peer.id && reason !== 'plan_over') peer.endedLastCall = true;
    if (peer.state.kind === 'in_call' && peer.state.callId === callId) peer.state = { kind: 'idle' };
    this.recent.set(keyOf(callId, peer.id), call);
    clock.after(REMEMBERED_MS, () => this.recent.delete(keyOf(callId, peer.id)));
  }

  private requeued({ callId, peerId }: AboutParticipant, from: NodeAddress): void {
    const call = this.presentOrRecent(callId, peerId);
    if (call?.owner !== from || call.leaving !== null) return;
    if (this.present.get(peerId) === call) this.finish(call, 'lost', null);
    if (this.deps.peers.get(peerId) !== call.peer) return;
    this.deps.requeue.peer(call.peer, call.wishes, call.since);
  }

  private nodeDied(node: NodeAddress): void {
    for (const call of [...this.present.values()]) {
      if (call.owner === node) this.events.emit((listener) => listener.ownerLost?.(call));
    }
  }

  /**
   * This node may have missed messages of the owners. Owners that declared this node dead hold the places of its
   * peers for a while. So every owner is told which peers are here, and sends them everything again.
   */
  private announceAll(): void {
    for (const call of [...this.present.values()]) {
      if (call.peer.isHere && call.owner !== NOWHERE && !this.announcing.has(call))
        this.announce(call).catch(this.report);
    }
  }

  /** The owner may hear the bus later than this node does. */
  private async announce(call: RemoteCall): Promise<void> {
    const { clock, membership } = this.deps;
    this.announcing.add(call);
    try {
      while (!(await this.rejoin(call)) && membership.isReachable(call.owner))
        await new Promise<void>((resolve) => clock.after(ANNOUNCE_AGAIN_MS, resolve));
    } finally {
      this.announcing.delete(call);
    }
  }

  private readonly report = (error: unknown): void => {
    this.deps.reportError(error, 'an error occurred in a call that another node owns');
  };
}

const isStale = (error: unknown): boolean => error instanceof DomainError && error.code === 'stale_call';

const keyOf = (callId: string, peerId: string): string => `${callId} ${peerId}`;
