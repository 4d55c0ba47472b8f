import { randomUUID } from 'node:crypto';
import type { Ticket } from '../../domain/pairing/ticket';
import { fullBucket } from '../../domain/token-bucket';
import { DomainError } from '../../domain/error';
import { userIdOf } from '../../domain/users';
import {
  LIMITS,
  type CallMedia,
  type ClientData,
  type EndReason,
  type Mode,
  type Wishes,
} from '../../protocol';
import type { Peer } from '../peers/peer';
import type { NodeAddress } from '../ports/bus';
import { ageOf, present } from '../ports/ages';
import type { Clock } from '../ports/clock';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import { CHAT_LIMIT, Call, type Participant } from './call';
import { partnerFound, partnerState } from './call-messages';

/** One of two peers who were matched. */
export interface MatchedPeer {
  readonly peer: Peer;
  readonly ticket: Pick<Ticket, 'mode' | 'since'>;
  readonly wishes: Wishes;
}

export interface CallsEvents {
  opened(call: Call): void;
  /** Another node owned it until now. */
  adopted(call: Call): void;
  /** Another node owns it from now on. */
  released(call: Call): void;
  /** Something has changed that the call's snapshot has to show. */
  changed(call: Call): void;
  /** The last participant has accepted. */
  allAccepted(call: Call): void;
  /** Both participants can talk now: they have accepted, and what the mode carries flows. Emitted once a call. */
  connected(call: Call): void;
  /** `by`: the participant who ended it, if one did. */
  ended(call: Call, reason: EndReason, by: Peer | undefined): void;
}

/** How long the `callId` of an ended call may still be named in a report or a block (R1). */
const REMEMBERED_MS = 5 * 60_000;
/** Messages of an ended call's chat that a report may still carry. */
const MESSAGES_REMEMBERED = 50;

/** The calls that this node owns. It opens and ends them; `MediaNegotiation` handles their media. */
export class Calls implements EventSource<CallsEvents> {
  private readonly live = new Map<string, Call>();
  private readonly recent = new Map<string, Call>();
  private readonly events = new EventEmitter<CallsEvents>();

  constructor(private readonly clock: Clock) {}

  on(listener: Partial<CallsEvents>): void {
    this.events.on(listener);
  }

  get size(): number {
    return this.live.size;
  }

  all(): IterableIterator<Call> {
    return this.live.values();
  }

  get(callId: string): Call | undefined {
    return this.live.get(callId);
  }

  /** The peer's present call, if it is the named one. Throws for a late message about an earlier call. */
  current(peer: Peer, callId: string): Call {
    if (peer.state.kind !== 'in_call') throw new DomainError('no_call', 'you are in no call');
    const call = this.live.get(peer.state.callId);
    if (call?.id !== callId) throw new DomainError('stale_call', 'that call is over');
    return call;
  }

  /** The peer's present call, or a call of the peer that ended a short while ago. */
  currentOrRecent(peer: Peer, callId: string): Call {
    const call = this.live.get(callId) ?? this.recent.get(callId);
    if (call?.participant(peer.id) === undefined)
      throw new DomainError('stale_call', 'that call is unknown or long over');
    return call;
  }

  /** Puts two matched peers into a call; their states change in this turn. */
  open(matched: readonly [MatchedPeer, MatchedPeer], callId: string = randomUUID()): Call {
    const now = present(this.clock);
    const blur = matched.some(({ wishes }) => wishes.blurFirst) && matched[0].ticket.mode !== 'text';
    const participant = ({ peer, ticket, wishes }: MatchedPeer): Participant => ({
      peer,
      wishes,
      since: ticket.since,
      accepted: !blur,
      typing: false,
      chatBucket: fullBucket(CHAT_LIMIT, now.elapsed),
    });
    const mode: Mode = matched[0].ticket.mode;
    const call = new Call(callId, mode, now, [participant(matched[0]), participant(matched[1])]);
    for (const { peer, wishes, ticket } of matched) {
      peer.state = { kind: 'in_call', wishes, callId: call.id, since: ticket.since };
    }
    if (blur) this.awaitAcceptance(call, LIMITS.acceptSeconds * 1000);
    this.live.set(call.id, call);
    this.events.emit((listener) => listener.opened?.(call));
    this.connectIfReady(call);
    return call;
  }

  /**
   * Takes over a call that another node owned; its participants are in it already. `acceptLeftMs`: how long they may
   * still take to accept; null when both have.
   */
  adopt(call: Call, acceptLeftMs: number | null): void {
    if (acceptLeftMs !== null) this.awaitAcceptance(call, acceptLeftMs);
    this.live.set(call.id, call);
    this.events.emit((listener) => listener.adopted?.(call));
  }

  /** A participant's gateway has changed: `peer` takes the place of their former `Peer` object. */
  replacePeer(call: Call, peer: Peer): void {
    const participant = call.participant(peer.id);
    if (participant !== undefined) participant.peer = peer;
    this.changed(call);
  }

  /** Leaves a call to another owner. The call does not end, but this node keeps nothing of it. */
  release(call: Call): void {
    if (!this.live.delete(call.id)) return;
    if (call.phase.phase === 'accepting') call.phase.stop();
    this.events.emit((listener) => listener.released?.(call));
  }

  /** The call differs from its snapshot now. */
  changed(call: Call): void {
    this.events.emit((listener) => listener.changed?.(call));
  }

  /** The participant of a present or recent call, if their gateway is that node. */
  remotePeer(callId: string, peerId: string, gateway: NodeAddress): Peer | undefined {
    const call = this.live.get(callId) ?? this.recent.get(callId);
    const peer = call?.participant(peerId)?.peer;
    return peer?.gatewayNode === gateway ? peer : undefined;
  }

  /** A participant of any call whose gateway is another node. */
  findRemotePeer(peerId: string): Peer | undefined {
    for (const call of this.live.values()) {
      const peer = call.participant(peerId)?.peer;
      if (peer !== undefined && peer.gatewayNode !== null) return peer;
    }
    return undefined;
  }

  /** The media of the call flows (again). */
  mediaFlows(call: Call): void {
    call.connectionTimeMs ??= ageOf(this.clock, call.matched.elapsed);
    this.connectIfReady(call);
    this.changed(call);
  }

  /** Tells both participants who their partner is. The media may be in the announcement or follow later. */
  announce(call: Call, media: ReadonlyMap<string, CallMedia> | null): void {
    for (const { peer } of call.participants) this.announceTo(call, peer, media?.get(peer.id) ?? null, false);
  }

  /** Tells a participant which call they are in. `again`: they are back on a new socket. */
  announceTo(call: Call, peer: Peer, media: CallMedia | null, again: boolean): void {
    peer.send(partnerFound(call, peer, media, again, this.clock.elapsed()));
    peer.send(partnerState(call, call.other(peer.id)));
  }

  accept(peer: Peer, callId: string): void {
    const call = this.current(peer, callId);
    const participant = call.participant(peer.id);
    if (participant === undefined || call.phase.phase !== 'accepting' || participant.accepted) return;
    participant.accepted = true;
    if (call.participants.every(({ accepted }) => accepted)) {
      call.phase.stop();
      call.phase = { phase: 'open' };
      this.events.emit((listener) => listener.allAccepted?.(call));
      for (const { peer: one } of call.participants) one.send({ event: 'call_open', data: { callId } });
      this.connectIfReady(call);
    }
    this.changed(call);
    this.sendState(call, peer);
  }

  /** The peer has switched devices on or off. Their partner is notified. */
  setMediaState(peer: Peer, { microphone, camera }: ClientData<'media_state'>): void {
    peer.media = { microphone, camera };
    const call = peer.state.kind === 'in_call' ? this.live.get(peer.state.callId) : undefined;
    if (call !== undefined) this.sendState(call, peer);
  }

  /** Tells the partner of `about` the whole state of `about`. */
  sendState(call: Call, about: Peer): void {
    const participant = call.participant(about.id);
    if (participant !== undefined) call.other(about.id).peer.send(partnerState(call, participant));
  }

  /**
   * Ends a call, once: both participants become idle and remember each other. The participant named as `by` gets no
   * message, because they asked for the end. The partner gets the reason; without `by`, both do.
   */
  end(call: Call, reason: EndReason, by?: Peer): void {
    if (!this.finish(call, reason, by)) return;
    if (by !== undefined) by.endedLastCall = true;
    for (const { peer } of call.participants) {
      if (peer !== by) peer.send({ event: 'partner_disconnected', data: { callId: call.id, reason } });
    }
  }

  /** The plan of `by` has no minutes left. The partner only learns that `by` has left. */
  endByPlan(call: Call, by: Peer): void {
    if (!this.finish(call, 'plan_over', by)) return;
    for (const { peer } of call.participants) {
      const reason = peer === by ? 'plan_over' : 'left';
      peer.send({ event: 'partner_disconnected', data: { callId: call.id, reason } });
    }
  }

  /** A user was erased. What is still remembered of their calls must not be written to the records again. */
  erased(userId: string): void {
    for (const call of [...this.live.values(), ...this.recent.values()]) {
      for (const { peer } of call.participants) if (userIdOf(peer.id) === userId) call.erased.add(peer.id);
    }
  }

  close(): void {
    for (const call of [...this.live.values()]) this.end(call, 'shutting_down');
    this.recent.clear();
  }

  /** `false` when the call was over before. */
  private finish(call: Call, reason: EndReason, by: Peer | undefined): boolean {
    if (!this.live.delete(call.id)) return false;
    const now = this.clock.elapsed();
    if (call.phase.phase === 'accepting') call.phase.stop();
    call.phase = { phase: 'ended', reason };
    for (const { peer } of call.participants) {
      peer.recordEncounter(call.other(peer.id).peer.id, now);
      if (peer.state.kind === 'in_call' && peer.state.callId === call.id) peer.state = { kind: 'idle' };
    }
    this.events.emit((listener) => listener.ended?.(call, reason, by));
    this.remember(call);
    return true;
  }

  private awaitAcceptance(call: Call, leftMs: number): void {
    const stop = this.clock.after(leftMs, () => this.end(call, 'not_accepted'));
    call.phase = { phase: 'accepting', until: this.clock.elapsed() + leftMs, stop };
  }

  private connectIfReady(call: Call): void {
    if (call.connected !== null || call.phase.phase !== 'open') return;
    if (call.mode !== 'text' && call.connectionTimeMs === null) return;
    call.connected = present(this.clock);
    this.events.emit((listener) => listener.connected?.(call));
  }

  private remember(call: Call): void {
    this.recent.set(call.id, call);
    for (const key of [...call.chat.keys()].slice(0, -MESSAGES_REMEMBERED)) call.chat.delete(key);
    this.clock.after(REMEMBERED_MS, () => this.recent.delete(call.id));
  }
}
