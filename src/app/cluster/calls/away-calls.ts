import { Refusal } from '../../../domain/refusal';
import type { People } from '../../people/people';
import type { Person } from '../../people/person';
import type { Meter } from '../../plans/meter';
import type { NodeAddress } from '../../ports/bus';
import type { Clock } from '../../ports/clock';
import {
  SERVER_EVENTS,
  isServerEvent,
  type ClientEventName,
  type ServerMessage,
  type Wishes,
} from '../../../protocol';
import type { AskData, AskReply, TellData } from '../contract';
import type { Members } from '../members';
import type { ClusterMedia } from '../media/cluster-media';
import type { Switchboard } from '../switchboard';
import { NOWHERE, delegateState } from './delegate';

/** A call of somebody seated here whose home is another node. */
export interface AwayCall {
  readonly callId: string;
  readonly person: Person;
  readonly partner: { readonly id: string; readonly name: string };
  readonly wishes: Wishes;
  readonly since: number;
  home: NodeAddress;
  connectedAt: number | null;
  /** Audits in a row in which the home knew nothing of it. */
  missed: number;
  /** Its person has asked to leave it: should it be lost before the home has answered, they have what they wanted. */
  leaving: Leaving | null;
  /** The person has been told of it. */
  announced: boolean;
}

type Leaving = 'next' | 'left' | 'plan_over';

export interface AwayCallsDeps {
  readonly switchboard: Switchboard;
  readonly members: Members;
  readonly people: People;
  readonly media: ClusterMedia;
  readonly meter: Meter;
  readonly clock: Clock;
  /** Puts somebody back into the queue whose call came to nothing. */
  readonly putBack: (person: Person, wishes: Wishes, since: number) => void;
  /** The home of this call is gone: somebody has to be its home. */
  readonly homeless: (call: AwayCall) => void;
  readonly fault: (error: unknown, words: string) => void;
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
export class AwayCalls {
  /** By person: nobody is in two calls. */
  private readonly present = new Map<string, AwayCall>();
  /** By call and person: who was in it, for reports and blocks afterwards. */
  private readonly past = new Map<string, AwayCall>();
  private readonly stop: () => void;

  constructor(private readonly deps: AwayCallsDeps) {
    const { switchboard, members, media, clock } = deps;
    switchboard.onTell('member_tell', (told, from) => this.pass(told, from));
    switchboard.onTell('member_connected', ({ callId, personId, at }, from) => {
      const call = this.get(callId, personId);
      if (call?.home === from) this.connected(call, at);
    });
    switchboard.onTell('member_ended', (told, from) => this.ended(told, from));
    switchboard.onTell('member_put_back', ({ callId, personId }, from) =>
      this.putBack(callId, personId, from),
    );
    media.onLine((personId, line) => {
      const call = this.present.get(personId);
      if (call !== undefined)
        switchboard.tell(call.home, 'member_line', { callId: call.callId, personId, line });
    });
    members.on({ died: (node) => this.nodeDied(node), missed: () => this.speakUp() });
    switchboard.onRestored(() => this.speakUp());
    this.stop = clock.every(AUDIT_MS, () => this.audit());
  }

  /** The call elsewhere that this person is in. */
  of(person: Person): AwayCall | undefined {
    return this.present.get(person.id);
  }

  all(): IterableIterator<AwayCall> {
    return this.present.values();
  }

  /** The home of a call that this person is or was in, where it is another node. */
  homeOf(person: Person, callId: string): NodeAddress | undefined {
    return (this.get(callId, person.id) ?? this.past.get(keyOf(callId, person.id)))?.home;
  }

  partnerIn(person: Person, callId: string): string | undefined {
    return (this.get(callId, person.id) ?? this.past.get(keyOf(callId, person.id)))?.partner.id;
  }

  /** From now on the person is in this call. */
  enter(call: Omit<AwayCall, 'missed' | 'connectedAt' | 'leaving' | 'announced'>): AwayCall {
    const fresh = { connectedAt: null, missed: 0, leaving: null, announced: false };
    const entered: AwayCall = { ...call, ...fresh };
    this.present.set(call.person.id, entered);
    return entered;
  }

  /** The call is at home here from now on, or the person has their seat elsewhere: nothing is to be said of it. */
  forget(person: Person): AwayCall | undefined {
    const call = this.present.get(person.id);
    if (call === undefined) return undefined;
    this.present.delete(person.id);
    this.deps.meter.end(call.callId, person);
    return call;
  }

  /** Another node is its home now. */
  moved(call: AwayCall, home: NodeAddress): void {
    call.home = home;
    call.missed = 0;
    const { session } = call.person;
    if (session.state === 'in_call') call.person.session = { ...session, elsewhere: home };
  }

  /** Passes on what this person does about a call, and answers with its home's answer. */
  async act(person: Person, callId: string, event: ClientEventName, data: unknown): Promise<object> {
    const home = this.homeOf(person, callId);
    if (home === undefined) throw new Refusal('stale_call', 'that call is unknown or long over');
    const asked = { callId, personId: person.id, event, data };
    const partner = this.partnerIn(person, callId);
    if (event === 'block_user' && partner !== undefined) {
      // Whatever the home, or the records, answer: the two do not meet again.
      person.blocked.add(partner);
      person.changed();
    }
    const { data: answer } = await this.askHome(person, home, 'member_act', asked);
    return answer;
  }

  /**
   * The home may have given the call up in this very moment, or not have heard yet that its member is seated here: it is
   * asked again for a while, or whoever has the call now. Where that is this node, the refusal stands, and the one who
   * asked finds the call here.
   */
  private async askHome<A extends 'member_act' | 'member_leave'>(
    person: Person,
    home: NodeAddress,
    name: A,
    asked: AskData<A>,
  ): Promise<AskReply<A>> {
    const { clock, switchboard } = this.deps;
    try {
      return await switchboard.ask(home, name, asked);
    } catch (error) {
      if (!isStale(error)) throw error;
      for (const until = clock.now() + NEW_HOME_MS; clock.now() < until;) {
        await new Promise<void>((resolve) => clock.after(ASK_AGAIN_MS, resolve));
        const call = this.get(asked.callId, person.id);
        if (call === undefined) break;
        try {
          return await switchboard.ask(call.home, name, asked);
        } catch (again) {
          if (!isStale(again)) throw again;
        }
      }
      throw error;
    }
  }

  /** Ends the call by this person's wish; they are idle afterwards, whatever the home says. */
  async leave(person: Person, reason: Leaving): Promise<void> {
    const call = this.present.get(person.id);
    if (call === undefined) return;
    const { callId } = call;
    call.leaving = reason;
    let asked: NodeAddress | undefined;
    // Its home may die while it is asked, and the call have another one by then.
    while (asked !== call.home && this.present.get(person.id) === call) {
      asked = call.home;
      try {
        await this.askHome(person, asked, 'member_leave', { callId, personId: person.id, reason });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.code === 'node_unreachable') await this.untilElsewhere(call, asked);
      }
    }
    // Told by the home before its answer; where that was lost, the person leaves all the same.
    if (this.present.get(person.id) === call) this.left(call, reason);
  }

  /** Whoever is the call's home next has to hear of it, lest they hold a place for somebody who has left. */
  private async untilElsewhere(call: AwayCall, home: NodeAddress): Promise<void> {
    const { clock, members } = this.deps;
    for (const until = clock.now() + SUCCESSION_MS; members.hears && clock.now() < until;) {
      if (call.home !== home || this.present.get(call.person.id) !== call) return;
      await new Promise<void>((resolve) => clock.after(ASK_AGAIN_MS, resolve));
    }
  }

  away(person: Person, graceMs: number, moving = false): void {
    const call = this.present.get(person.id);
    if (call === undefined) return;
    const { callId, home } = call;
    this.deps.switchboard.tell(home, 'member_away', { callId, personId: person.id, graceMs, moving });
  }

  gone(person: Person): void {
    const call = this.forget(person);
    if (call === undefined) return;
    this.deps.switchboard.tell(call.home, 'member_gone', { callId: call.callId, personId: person.id });
  }

  /** Tells the home that the person is here, on this node. Where it knows the call no more, they search on. */
  async back(call: AwayCall, isFirst = true): Promise<void> {
    const { switchboard, media } = this.deps;
    const { callId, person } = call;
    const question = {
      callId,
      personId: person.id,
      isHere: person.isHere,
      delegate: delegateState(person, call, media.lineOf(person.id)),
    };
    const answer = await switchboard.ask(call.home, 'member_back', question).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      return undefined;
    });
    if (this.present.get(person.id) !== call) return;
    // No answer: the node is dying, and the call gets another home when that is sure. A node that has just started has
    // never heard of those that died before.
    if (answer === undefined) {
      if (!this.deps.members.isKnown(call.home)) this.deps.homeless(call);
    } else if (answer.known) this.connected(call, answer.connectedAt);
    // Whoever has just become its home may hear of this sooner than of that.
    else if (isFirst) this.deps.clock.after(300, () => void this.back(call, false).catch(this.report));
    else this.lost(call);
  }

  /** The call is nowhere any more: its member searches on, with the waiting time they had. */
  lost(call: AwayCall): void {
    if (call.leaving !== null) {
      this.left(call, call.leaving);
      return;
    }
    this.finish(call, 'lost', null);
    call.person.tell({ event: 'partner_disconnected', data: { callId: call.callId, reason: 'lost' } });
    this.deps.putBack(call.person, call.wishes, call.since);
  }

  close(): void {
    this.stop();
    for (const call of [...this.present.values()]) this.deps.meter.end(call.callId, call.person);
    this.present.clear();
    this.past.clear();
  }

  private get(callId: string, personId: string): AwayCall | undefined {
    const call = this.present.get(personId);
    return call?.callId === callId ? call : undefined;
  }

  /**
   * Only a call's home has a word in it: a node that was taken for dead may not know yet that it is none any more. Of a
   * call that is over here, all that is still of meaning is that it is over.
   */
  private pass({ personId, callId, message }: TellData<'member_tell'>, from: NodeAddress): void {
    const person = this.deps.people.get(personId);
    if (person === undefined || (callId !== null && this.homeOf(person, callId) !== from)) return;
    const parsed = parseServerMessage(message);
    if (parsed === undefined) return;
    const call = callId === null ? undefined : this.get(callId, personId);
    if (call !== undefined && parsed.event === 'partner_found') call.announced = true;
    if (callId === null || call !== undefined || SAID_OF_THE_END.has(parsed.event)) person.tell(parsed);
  }

  private connected(call: AwayCall | undefined, at: number | null): void {
    if (call === undefined || at === null || call.connectedAt !== null) return;
    call.connectedAt = at;
    const { person, callId } = call;
    this.deps.meter.begin(callId, person, () => void this.leave(person, 'plan_over').catch(this.report));
  }

  private ended({ callId, personId, by, at, reason }: TellData<'member_ended'>, from: NodeAddress): void {
    const call = this.get(callId, personId);
    if (call?.home !== from) return;
    this.finish(call, reason, by, at);
    // Given up by the home, which had not heard of them for too long: they did not ask for it.
    if (reason === 'lost' && by === personId)
      call.person.tell({ event: 'partner_disconnected', data: { callId, reason } });
  }

  private left(call: AwayCall, reason: Leaving): void {
    this.finish(call, reason === 'plan_over' ? 'left' : reason, call.person.id);
  }

  private finish(
    call: AwayCall,
    reason: TellData<'member_ended'>['reason'],
    by: string | null,
    at = this.deps.clock.now(),
  ): void {
    const { person, callId, partner } = call;
    this.forget(person);
    person.met(partner.id, at);
    if (by === person.id && reason !== 'plan_over') person.endedLastCall = true;
    if (person.session.state === 'in_call' && person.session.callId === callId) {
      person.session = { state: 'idle' };
    }
    this.past.set(keyOf(callId, person.id), call);
    this.deps.clock.after(REMEMBERED_MS, () => this.past.delete(keyOf(callId, person.id)));
  }

  private putBack(callId: string, personId: string, from: NodeAddress): void {
    const call = this.get(callId, personId) ?? this.past.get(keyOf(callId, personId));
    if (call?.home !== from || call.leaving !== null) return;
    if (this.present.get(personId) === call) this.finish(call, 'lost', null);
    if (this.deps.people.get(personId) !== call.person) return;
    this.deps.putBack(call.person, call.wishes, call.since);
  }

  private nodeDied(node: NodeAddress): void {
    for (const call of [...this.present.values()]) if (call.home === node) this.deps.homeless(call);
  }

  /**
   * What the homes told meanwhile may not have been heard, and those that took this node for dead hold its people's
   * places for a while: they are here, and are told everything again.
   */
  private speakUp(): void {
    for (const call of [...this.present.values()]) {
      if (call.person.isHere && call.home !== NOWHERE) this.back(call).catch(this.report);
    }
  }

  /** What was told of a call's end may have been lost; asking now and then finds out, on either side. */
  private audit(): void {
    const { switchboard, members } = this.deps;
    if (!members.hears) return;
    const byHome = new Map<NodeAddress, AwayCall[]>();
    for (const call of this.present.values()) {
      const there = byHome.get(call.home);
      if (there === undefined) byHome.set(call.home, [call]);
      else there.push(call);
    }
    for (const { address } of members.all()) if (!byHome.has(address)) byHome.set(address, []);
    for (const [home, calls] of byHome) {
      if (home === switchboard.self) continue;
      const asked = calls.map(({ callId, person }) => ({ callId, personId: person.id }));
      switchboard
        .ask(home, 'members_audit', { members: asked })
        .then(({ unknown }) => this.judge(calls, new Set(unknown.map(({ personId }) => personId))))
        .catch((error: unknown) => {
          if (!(error instanceof Refusal)) this.report(error);
        });
    }
  }

  private judge(calls: readonly AwayCall[], unknown: ReadonlySet<string>): void {
    for (const call of calls) {
      if (this.present.get(call.person.id) !== call) continue;
      call.missed = unknown.has(call.person.id) ? call.missed + 1 : 0;
      if (call.missed >= MISSED) this.lost(call);
    }
  }

  private readonly report = (error: unknown): void => {
    this.deps.fault(error, 'a call that is at home on another node met an error');
  };
}

const isStale = (error: unknown): boolean => error instanceof Refusal && error.code === 'stale_call';

const keyOf = (callId: string, personId: string): string => `${callId} ${personId}`;

function parseServerMessage(message: unknown): ServerMessage | undefined {
  if (typeof message !== 'object' || message === null || !('event' in message)) return undefined;
  const { event } = message;
  if (typeof event !== 'string' || !isServerEvent(event)) return undefined;
  const parsed = SERVER_EVENTS[event].safeParse('data' in message ? message.data : undefined);
  // The schema of exactly this event has just parsed it; TypeScript cannot follow that through the table.
  return parsed.success ? ({ event, data: parsed.data } as ServerMessage) : undefined;
}
