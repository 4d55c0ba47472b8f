import { randomUUID } from 'node:crypto';
import type { Ticket } from '../../domain/pairing/ticket';
import { fullPace } from '../../domain/pace';
import { Refusal } from '../../domain/refusal';
import { LIMITS, type CallMedia, type EndReason, type Mode, type Wishes } from '../../protocol';
import type { Person } from '../people/person';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import { CHAT_LIMIT, Call, type Member } from './call';
import { partnerFound, partnerState } from './call-messages';

/** One person as they come out of a match. */
export interface Matched {
  readonly person: Person;
  readonly ticket: Pick<Ticket, 'mode' | 'since'>;
  readonly wishes: Wishes;
}

export interface CallsEvents {
  opened(call: Call): void;
  /** Another node was its home until now. */
  adopted(call: Call): void;
  /** Another node is its home from now on. */
  surrendered(call: Call): void;
  /** Something about it that another home would have to know. */
  changed(call: Call): void;
  /** Both have said yes, or nobody had to. */
  allAccepted(call: Call): void;
  /** Both can talk now: they have said yes, and what the mode carries flows. Once a call. */
  connected(call: Call): void;
  /** `by`: who ended it, where somebody did. */
  ended(call: Call, reason: EndReason, by: Person | undefined): void;
}

/** How long the `callId` of an ended call may still be named in a report or a block (R1). */
const REMEMBERED_MS = 5 * 60_000;
/** Lines of an ended call's chat that a report may still carry. */
const LINES_REMEMBERED = 50;

/** Opens and ends calls, and keeps who is in which. The media of a call is `CallMediaDirector`'s. */
export class Calls {
  private readonly live = new Map<string, Call>();
  private readonly past = new Map<string, Call>();
  private readonly listeners: Partial<CallsEvents>[] = [];

  constructor(private readonly clock: Clock) {}

  on(events: Partial<CallsEvents>): void {
    this.listeners.push(events);
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

  /** The person's present call, if they name that one. A late message for an earlier call is refused. */
  present(person: Person, callId: string): Call {
    if (person.session.state !== 'in_call') throw new Refusal('no_call', 'you are in no call');
    const call = this.live.get(person.session.callId);
    if (call === undefined || call.id !== callId) throw new Refusal('stale_call', 'that call is over');
    return call;
  }

  /** The person's present call, or one of theirs that ended a short while ago. */
  presentOrPast(person: Person, callId: string): Call {
    const call = this.live.get(callId) ?? this.past.get(callId);
    if (call?.member(person.id) === undefined)
      throw new Refusal('stale_call', 'that call is unknown or long over');
    return call;
  }

  /** Puts two matched people into a call; their sessions change here and now. */
  open(matched: readonly [Matched, Matched], callId: string = randomUUID()): Call {
    const now = this.clock.now();
    const blur = matched.some(({ wishes }) => wishes.blurFirst) && matched[0].ticket.mode !== 'text';
    const member = ({ person, ticket, wishes }: Matched): Member => ({
      person,
      wishes,
      since: ticket.since,
      accepted: !blur,
      typing: false,
      chatPace: fullPace(CHAT_LIMIT, now),
    });
    const mode: Mode = matched[0].ticket.mode;
    const call = new Call(callId, mode, now, [member(matched[0]), member(matched[1])]);
    for (const { person, wishes, ticket } of matched) {
      person.session = { state: 'in_call', wishes, callId: call.id, since: ticket.since };
    }
    if (blur) this.awaitAcceptance(call, now + LIMITS.acceptSeconds * 1000);
    this.live.set(call.id, call);
    for (const listener of this.listeners) listener.opened?.(call);
    this.connectIfReady(call);
    return call;
  }

  /**
   * Takes over a call whose home was another node; its members know what they are doing. `acceptUntil`: null when both
   * have said yes.
   */
  adopt(call: Call, acceptUntil: number | null): void {
    if (acceptUntil !== null) this.awaitAcceptance(call, acceptUntil);
    this.live.set(call.id, call);
    for (const listener of this.listeners) listener.adopted?.(call);
  }

  /** A member was given another seat: from now on `person` is who they are here. */
  reseat(call: Call, person: Person): void {
    const member = call.member(person.id);
    if (member !== undefined) member.person = person;
    this.changed(call);
  }

  /** Gives a call up to another home: nothing of it is ended, and nothing is left of it here. */
  surrender(call: Call): void {
    if (!this.live.delete(call.id)) return;
    if (call.phase.phase === 'meeting') call.phase.stop();
    for (const listener of this.listeners) listener.surrendered?.(call);
  }

  /** Something about the call is other than it was written down. */
  changed(call: Call): void {
    for (const listener of this.listeners) listener.changed?.(call);
  }

  /** A member of a call that goes on or ended a short while ago, where their seat is on that node. */
  delegate(callId: string, personId: string, seat: NodeAddress): Person | undefined {
    const call = this.live.get(callId) ?? this.past.get(callId);
    const person = call?.member(personId)?.person;
    return person?.seatedAt === seat ? person : undefined;
  }

  /** A member who is seated on another node, of whichever call they are in. */
  delegateNamed(personId: string): Person | undefined {
    for (const call of this.live.values()) {
      const person = call.member(personId)?.person;
      if (person !== undefined && person.seatedAt !== null) return person;
    }
    return undefined;
  }

  /** The media of the call flows (again). */
  mediaFlows(call: Call): void {
    call.flowedAt ??= this.clock.now();
    this.connectIfReady(call);
    this.changed(call);
  }

  /** Tells both whom they have met; the media may be there at once or follow. */
  announce(call: Call, media: ReadonlyMap<string, CallMedia> | null): void {
    for (const { person } of call.members)
      this.announceTo(call, person, media?.get(person.id) ?? null, false);
  }

  /** Tells one who came back what call they are in. */
  announceTo(call: Call, person: Person, media: CallMedia | null, again: boolean): void {
    person.tell(partnerFound(call, person, media, again, this.clock.now()));
    person.tell(partnerState(call, call.other(person.id)));
  }

  accept(person: Person, callId: string): void {
    const call = this.present(person, callId);
    const member = call.member(person.id);
    if (member === undefined || call.phase.phase !== 'meeting' || member.accepted) return;
    member.accepted = true;
    if (call.members.every(({ accepted }) => accepted)) {
      call.phase.stop();
      call.phase = { phase: 'open' };
      for (const listener of this.listeners) listener.allAccepted?.(call);
      for (const { person: one } of call.members) one.tell({ event: 'call_open', data: { callId } });
      this.connectIfReady(call);
    }
    this.changed(call);
    this.tellState(call, person);
  }

  /** The partner learns everything about this person's side. */
  tellState(call: Call, about: Person): void {
    const member = call.member(about.id);
    if (member !== undefined) call.other(about.id).person.tell(partnerState(call, member));
  }

  /**
   * Ends a call, once: both become idle and remember each other. Who is named as `by` is told nothing, since
   * they asked for it; the other (or both) hear the reason.
   */
  end(call: Call, reason: EndReason, by?: Person): void {
    if (!this.settle(call, reason, by)) return;
    if (by !== undefined) by.endedLastCall = true;
    for (const { person } of call.members) {
      if (person !== by) person.tell({ event: 'partner_disconnected', data: { callId: call.id, reason } });
    }
  }

  /** This person's plan has no minutes left. The other one only learns that they have gone. */
  endByPlan(call: Call, by: Person): void {
    if (!this.settle(call, 'plan_over', by)) return;
    for (const { person } of call.members) {
      const reason = person === by ? 'plan_over' : 'left';
      person.tell({ event: 'partner_disconnected', data: { callId: call.id, reason } });
    }
  }

  /** Somebody was erased: what is still remembered of their calls must not bring them back. */
  erased(userId: string): void {
    for (const call of [...this.live.values(), ...this.past.values()]) {
      if (call.member(userId) !== undefined) call.erased.add(userId);
    }
  }

  close(): void {
    for (const call of [...this.live.values()]) this.end(call, 'shutting_down');
    this.past.clear();
  }

  /** `false` when the call was over before. */
  private settle(call: Call, reason: EndReason, by: Person | undefined): boolean {
    if (!this.live.delete(call.id)) return false;
    const now = this.clock.now();
    if (call.phase.phase === 'meeting') call.phase.stop();
    call.phase = { phase: 'ended', reason };
    for (const { person } of call.members) {
      person.met(call.other(person.id).person.id, now);
      if (person.session.state === 'in_call' && person.session.callId === call.id)
        person.session = { state: 'idle' };
    }
    for (const listener of this.listeners) listener.ended?.(call, reason, by);
    this.remember(call);
    return true;
  }

  private awaitAcceptance(call: Call, until: number): void {
    const left = Math.max(0, until - this.clock.now());
    const stop = this.clock.after(left, () => this.end(call, 'not_accepted'));
    call.phase = { phase: 'meeting', until, stop };
  }

  private connectIfReady(call: Call): void {
    if (call.connectedAt !== null || call.phase.phase !== 'open') return;
    if (call.mode !== 'text' && call.flowedAt === null) return;
    call.connectedAt = this.clock.now();
    for (const listener of this.listeners) listener.connected?.(call);
  }

  private remember(call: Call): void {
    this.past.set(call.id, call);
    for (const key of [...call.chat.keys()].slice(0, -LINES_REMEMBERED)) call.chat.delete(key);
    this.clock.after(REMEMBERED_MS, () => this.past.delete(call.id));
  }
}
