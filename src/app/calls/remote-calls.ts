import { DomainError } from '../../domain/error';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Peer } from '../peers/peer';
import type { Meter } from './talk-meter';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import {
  SERVER_EVENTS,
  isServerEvent,
  type ClientEventName,
  type ServerMessage,
  type Wishes,
} from '../../protocol';
import type { RequestData, RequestReply, NotificationData } from '../cluster/contract';
import type { Membership } from '../cluster/membership';
import type { ClusterMedia } from '../lines/cluster-media';
import type { NodeMessenger } from '../cluster/node-messenger';
import { NOWHERE, remotePeerState } from './remote-peer';

/** A call of somebody seated here whose home is another node. */
export interface RemoteCall {
  readonly callId: string;
  readonly peer: Peer;
  readonly partner: { readonly id: string; readonly name: string };
  readonly wishes: Wishes;
  readonly since: number;
  owner: NodeAddress;
  connectedAt: number | null;
  /** Audits in a row in which the home knew nothing of it. */
  missed: number;
  /** Its person has asked to leave it: should it be lost before the home has answered, they have what they wanted. */
  leaving: Leaving | null;
  /** The person has been told of it. */
  announced: boolean;
}

type Leaving = 'next' | 'left' | 'plan_over';

export interface RemoteCallsDeps {
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly peers: PeerRegistry;
  readonly media: ClusterMedia;
  readonly meter: Meter;
  readonly clock: Clock;
  /** Puts somebody back into the queue whose call came to nothing. */
  readonly putBack: (peer: Peer, wishes: Wishes, since: number) => void;
  /** The home of this call is gone: somebody has to be its home. */
  readonly ownerLost: (call: RemoteCall) => void;
  readonly reportError: (error: unknown, message: string) => void;
}

/** How long the home of an ended call can still be named in a report or a block. */
const REMEMBERED_MS = 5 * 60_000;
const AUDIT_MS = 2_000;
/** How long a call without a home at this moment is waited for. */
const NEW_HOME_MS = 1_000;
const ASK_AGAIN_MS = 50;
/** How long the death of a home that nobody hears may take to be sure, and its call to have another one. */
const SUCCESSION_MS = 1_500;
/** A call that its home has twice known nothing of is over: what was told of its end was lost. */
const MISSED = 2;
/** What the home says of a call that is over here: that it is, and why nothing came of it. */
const SAID_OF_THE_END: ReadonlySet<string> = new Set(['partner_disconnected', 'error']);

/**
 * The seat's side of calls that are at home on another node: what their members do goes there, what they are told comes
 * from there. Nothing is decided here but what becomes of a person when nothing can be heard of their call any more.
 */
export class RemoteCalls {
  /** By person: nobody is in two calls. */
  private readonly present = new Map<string, RemoteCall>();
  /** By call and person: who was in it, for reports and blocks afterwards. */
  private readonly past = new Map<string, RemoteCall>();
  private readonly stop: () => void;

  constructor(private readonly deps: RemoteCallsDeps) {
    const { messenger, membership, media, clock } = deps;
    messenger.onNotification('peer_message', (told, from) => this.pass(told, from));
    messenger.onNotification('participant_connected', ({ callId, peerId, at }, from) => {
      const call = this.get(callId, peerId);
      if (call?.owner === from) this.connected(call, at);
    });
    messenger.onNotification('participant_call_ended', (told, from) => this.ended(told, from));
    messenger.onNotification('participant_requeued', ({ callId, peerId }, from) =>
      this.putBack(callId, peerId, from),
    );
    media.onLine((peerId, line) => {
      const call = this.present.get(peerId);
      if (call !== undefined)
        messenger.notify(call.owner, 'participant_line', { callId: call.callId, peerId, line });
    });
    membership.on({ died: (node) => this.nodeDied(node), maybeSuspected: () => this.announceAll() });
    messenger.onRestored(() => this.announceAll());
    this.stop = clock.every(AUDIT_MS, () => this.reconcile());
  }

  /** The call elsewhere that this person is in. */
  of(peer: Peer): RemoteCall | undefined {
    return this.present.get(peer.id);
  }

  all(): IterableIterator<RemoteCall> {
    return this.present.values();
  }

  /** The home of a call that this person is or was in, where it is another node. */
  ownerOf(peer: Peer, callId: string): NodeAddress | undefined {
    return (this.get(callId, peer.id) ?? this.past.get(keyOf(callId, peer.id)))?.owner;
  }

  partnerIn(peer: Peer, callId: string): string | undefined {
    return (this.get(callId, peer.id) ?? this.past.get(keyOf(callId, peer.id)))?.partner.id;
  }

  /** From now on the person is in this call. */
  add(call: Omit<RemoteCall, 'missed' | 'connectedAt' | 'leaving' | 'announced'>): RemoteCall {
    const fresh = { connectedAt: null, missed: 0, leaving: null, announced: false };
    const entered: RemoteCall = { ...call, ...fresh };
    this.present.set(call.peer.id, entered);
    return entered;
  }

  /** The call is at home here from now on, or the person has their seat elsewhere: nothing is to be said of it. */
  remove(peer: Peer): RemoteCall | undefined {
    const call = this.present.get(peer.id);
    if (call === undefined) return undefined;
    this.present.delete(peer.id);
    this.deps.meter.end(call.callId, peer);
    return call;
  }

  /** Another node is its home now. */
  ownerChanged(call: RemoteCall, owner: NodeAddress): void {
    call.owner = owner;
    call.missed = 0;
    const { state } = call.peer;
    if (state.kind === 'in_call') call.peer.state = { ...state, owner: owner };
  }

  /** Passes on what this person does about a call, and answers with its home's answer. */
  async forward(peer: Peer, callId: string, event: ClientEventName, data: unknown): Promise<object> {
    const owner = this.ownerOf(peer, callId);
    if (owner === undefined) throw new DomainError('stale_call', 'that call is unknown or long over');
    const asked = { callId, peerId: peer.id, event, data };
    const partner = this.partnerIn(peer, callId);
    if (event === 'block_user' && partner !== undefined) {
      // Whatever the home, or the records, answer: the two do not meet again.
      peer.blocked.add(partner);
      peer.changed();
    }
    const { data: answer } = await this.requestOwner(peer, owner, 'participant_command', asked);
    return answer;
  }

  /**
   * The home may have given the call up in this very moment, or not have heard yet that its member is seated here: it is
   * asked again for a while, or whoever has the call now. Where that is this node, the refusal stands, and the one who
   * asked finds the call here.
   */
  private async requestOwner<A extends 'participant_command' | 'participant_leave'>(
    peer: Peer,
    owner: NodeAddress,
    name: A,
    asked: RequestData<A>,
  ): Promise<RequestReply<A>> {
    const { clock, messenger } = this.deps;
    try {
      return await messenger.request(owner, name, asked);
    } catch (error) {
      if (!isStale(error)) throw error;
      for (const until = clock.now() + NEW_HOME_MS; clock.now() < until;) {
        await new Promise<void>((resolve) => clock.after(ASK_AGAIN_MS, resolve));
        const call = this.get(asked.callId, peer.id);
        if (call === undefined) break;
        try {
          return await messenger.request(call.owner, name, asked);
        } catch (again) {
          if (!isStale(again)) throw again;
        }
      }
      throw error;
    }
  }

  /** Ends the call by this person's wish; they are idle afterwards, whatever the home says. */
  async leave(peer: Peer, reason: Leaving): Promise<void> {
    const call = this.present.get(peer.id);
    if (call === undefined) return;
    const { callId } = call;
    call.leaving = reason;
    let asked: NodeAddress | undefined;
    // Its home may die while it is asked, and the call have another one by then.
    while (asked !== call.owner && this.present.get(peer.id) === call) {
      asked = call.owner;
      try {
        await this.requestOwner(peer, asked, 'participant_leave', { callId, peerId: peer.id, reason });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        if (error.code === 'node_unreachable') await this.untilOwnerChanges(call, asked);
      }
    }
    // Told by the home before its answer; where that was lost, the person leaves all the same.
    if (this.present.get(peer.id) === call) this.left(call, reason);
  }

  /** Whoever is the call's home next has to hear of it, lest they hold a place for somebody who has left. */
  private async untilOwnerChanges(call: RemoteCall, owner: NodeAddress): Promise<void> {
    const { clock, membership } = this.deps;
    for (const until = clock.now() + SUCCESSION_MS; membership.hears && clock.now() < until;) {
      if (call.owner !== owner || this.present.get(call.peer.id) !== call) return;
      await new Promise<void>((resolve) => clock.after(ASK_AGAIN_MS, resolve));
    }
  }

  away(peer: Peer, graceMs: number, moving = false): void {
    const call = this.present.get(peer.id);
    if (call === undefined) return;
    const { callId, owner } = call;
    this.deps.messenger.notify(owner, 'participant_away', { callId, peerId: peer.id, graceMs, moving });
  }

  gone(peer: Peer): void {
    const call = this.remove(peer);
    if (call === undefined) return;
    this.deps.messenger.notify(call.owner, 'participant_gone', { callId: call.callId, peerId: peer.id });
  }

  /** Tells the home that the person is here, on this node. Where it knows the call no more, they search on. */
  async rejoin(call: RemoteCall, isFirst = true): Promise<void> {
    const { messenger, media } = this.deps;
    const { callId, peer } = call;
    const question = {
      callId,
      peerId: peer.id,
      isHere: peer.isHere,
      remotePeer: remotePeerState(peer, call, media.lineOf(peer.id)),
    };
    const answer = await messenger
      .request(call.owner, 'participant_back', question)
      .catch((error: unknown) => {
        if (!(error instanceof DomainError)) throw error;
        return undefined;
      });
    if (this.present.get(peer.id) !== call) return;
    // No answer: the node is dying, and the call gets another home when that is sure. A node that has just started has
    // never heard of those that died before.
    if (answer === undefined) {
      if (!this.deps.membership.isKnown(call.owner)) this.deps.ownerLost(call);
    } else if (answer.known) this.connected(call, answer.connectedAt);
    // Whoever has just become its home may hear of this sooner than of that.
    else if (isFirst) this.deps.clock.after(300, () => void this.rejoin(call, false).catch(this.report));
    else this.lost(call);
  }

  /** The call is nowhere any more: its member searches on, with the waiting time they had. */
  lost(call: RemoteCall): void {
    if (call.leaving !== null) {
      this.left(call, call.leaving);
      return;
    }
    this.finish(call, 'lost', null);
    call.peer.send({ event: 'partner_disconnected', data: { callId: call.callId, reason: 'lost' } });
    this.deps.putBack(call.peer, call.wishes, call.since);
  }

  close(): void {
    this.stop();
    for (const call of [...this.present.values()]) this.deps.meter.end(call.callId, call.peer);
    this.present.clear();
    this.past.clear();
  }

  private get(callId: string, peerId: string): RemoteCall | undefined {
    const call = this.present.get(peerId);
    return call?.callId === callId ? call : undefined;
  }

  /**
   * Only a call's home has a word in it: a node that was taken for dead may not know yet that it is none any more. Of a
   * call that is over here, all that is still of meaning is that it is over.
   */
  private pass({ peerId, callId, message }: NotificationData<'peer_message'>, from: NodeAddress): void {
    const peer = this.deps.peers.get(peerId);
    if (peer === undefined || (callId !== null && this.ownerOf(peer, callId) !== from)) return;
    const parsed = parseServerMessage(message);
    if (parsed === undefined) return;
    const call = callId === null ? undefined : this.get(callId, peerId);
    if (call !== undefined && parsed.event === 'partner_found') call.announced = true;
    if (callId === null || call !== undefined || SAID_OF_THE_END.has(parsed.event)) peer.send(parsed);
  }

  private connected(call: RemoteCall | undefined, at: number | null): void {
    if (call === undefined || at === null || call.connectedAt !== null) return;
    call.connectedAt = at;
    const { peer, callId } = call;
    this.deps.meter.begin(callId, peer, () => void this.leave(peer, 'plan_over').catch(this.report));
  }

  private ended(
    { callId, peerId, by, at, reason }: NotificationData<'participant_call_ended'>,
    from: NodeAddress,
  ): void {
    const call = this.get(callId, peerId);
    if (call?.owner !== from) return;
    this.finish(call, reason, by, at);
    // Given up by the home, which had not heard of them for too long: they did not ask for it.
    if (reason === 'lost' && by === peerId)
      call.peer.send({ event: 'partner_disconnected', data: { callId, reason } });
  }

  private left(call: RemoteCall, reason: Leaving): void {
    this.finish(call, reason === 'plan_over' ? 'left' : reason, call.peer.id);
  }

  private finish(
    call: RemoteCall,
    reason: NotificationData<'participant_call_ended'>['reason'],
    by: string | null,
    at = this.deps.clock.now(),
  ): void {
    const { peer, callId, partner } = call;
    this.remove(peer);
    peer.recordEncounter(partner.id, at);
    if (by === peer.id && reason !== 'plan_over') peer.endedLastCall = true;
    if (peer.state.kind === 'in_call' && peer.state.callId === callId) {
      peer.state = { kind: 'idle' };
    }
    this.past.set(keyOf(callId, peer.id), call);
    this.deps.clock.after(REMEMBERED_MS, () => this.past.delete(keyOf(callId, peer.id)));
  }

  private putBack(callId: string, peerId: string, from: NodeAddress): void {
    const call = this.get(callId, peerId) ?? this.past.get(keyOf(callId, peerId));
    if (call?.owner !== from || call.leaving !== null) return;
    if (this.present.get(peerId) === call) this.finish(call, 'lost', null);
    if (this.deps.peers.get(peerId) !== call.peer) return;
    this.deps.putBack(call.peer, call.wishes, call.since);
  }

  private nodeDied(node: NodeAddress): void {
    for (const call of [...this.present.values()]) if (call.owner === node) this.deps.ownerLost(call);
  }

  /**
   * What the homes told meanwhile may not have been heard, and those that took this node for dead hold its people's
   * places for a while: they are here, and are told everything again.
   */
  private announceAll(): void {
    for (const call of [...this.present.values()]) {
      if (call.peer.isHere && call.owner !== NOWHERE) this.rejoin(call).catch(this.report);
    }
  }

  /** What was told of a call's end may have been lost; asking now and then finds out, on either side. */
  private reconcile(): void {
    const { messenger, membership } = this.deps;
    if (!membership.hears) return;
    const byOwner = new Map<NodeAddress, RemoteCall[]>();
    for (const call of this.present.values()) {
      const there = byOwner.get(call.owner);
      if (there === undefined) byOwner.set(call.owner, [call]);
      else there.push(call);
    }
    for (const { address } of membership.all()) if (!byOwner.has(address)) byOwner.set(address, []);
    for (const [owner, calls] of byOwner) {
      if (owner === messenger.self) continue;
      const asked = calls.map(({ callId, peer }) => ({ callId, peerId: peer.id }));
      messenger
        .request(owner, 'participants_reconcile', { participants: asked })
        .then(({ unknown }) => this.judge(calls, new Set(unknown.map(({ peerId }) => peerId))))
        .catch((error: unknown) => {
          if (!(error instanceof DomainError)) this.report(error);
        });
    }
  }

  private judge(calls: readonly RemoteCall[], unknown: ReadonlySet<string>): void {
    for (const call of calls) {
      if (this.present.get(call.peer.id) !== call) continue;
      call.missed = unknown.has(call.peer.id) ? call.missed + 1 : 0;
      if (call.missed >= MISSED) this.lost(call);
    }
  }

  private readonly report = (error: unknown): void => {
    this.deps.reportError(error, 'a call that is at home on another node met an error');
  };
}

const isStale = (error: unknown): boolean => error instanceof DomainError && error.code === 'stale_call';

const keyOf = (callId: string, peerId: string): string => `${callId} ${peerId}`;

function parseServerMessage(message: unknown): ServerMessage | undefined {
  if (typeof message !== 'object' || message === null || !('event' in message)) return undefined;
  const { event } = message;
  if (typeof event !== 'string' || !isServerEvent(event)) return undefined;
  const parsed = SERVER_EVENTS[event].safeParse('data' in message ? message.data : undefined);
  // The schema of exactly this event has just parsed it; TypeScript cannot follow that through the table.
  return parsed.success ? ({ event, data: parsed.data } as ServerMessage) : undefined;
}
