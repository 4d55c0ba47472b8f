import { mayWish } from '../../domain/plans';
import { shardName, shardOf } from '../../domain/pairing/shard';
import type { Ticket } from '../../domain/pairing/ticket';
import { fullPace, takeToken, type PaceLimit } from '../../domain/pace';
import { Refusal } from '../../domain/refusal';
import type { Mode, Wishes } from '../../protocol';
import type { Call } from '../calls/call';
import type { Calls, Matched } from '../calls/calls';
import type { People } from '../people/people';
import type { Person } from '../people/person';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { TicketStore } from '../ports/ticket-store';
import type { Outlook } from './outlook';
import { makeTicket } from './ticket-maker';

export interface LobbyPolicy {
  readonly admitMinors: boolean;
  /** Skips a person may make in a burst, and how fast they come back (M8). */
  readonly skips: PaceLimit;
  /** A ticket nobody touched for this long is a ghost (M6). */
  readonly staleMs: number;
  /** The longest anyone waits (M6). */
  readonly maxAgeMs: number;
}

export interface LobbyDeps {
  /** This node: tickets say where their people are. */
  readonly node: NodeAddress;
  /** What people who search in this mode are matched within: this node's region, or several merged thin ones (M9). */
  readonly regionFor: (mode: Mode) => string;
  /** A ticket of somebody on another node has waited too long. */
  readonly expiredElsewhere: (ticket: Ticket) => void;
  readonly people: People;
  readonly calls: Calls;
  readonly store: TicketStore;
  readonly clock: Clock;
  readonly policy: LobbyPolicy;
  readonly outlook: Outlook;
  /** Makes sure that somebody pairs the tickets of this shard. */
  readonly ensureDirector: (shard: string) => void;
  /** A match is made and both are in `call`: brings them together. */
  readonly begin: (call: Call) => void;
  readonly fault: (error: unknown, words: string) => void;
}

/** Of somebody who comes and goes over several nodes, more than one earlier ticket may be on its way in. */
const MOST_TRIES = 4;

type TicketKey = Pick<Ticket, 'id' | 'personId'>;
type Seeking = Extract<Person['session'], { state: 'seeking' }>;

/** From the wish to meet someone to the match, and back again when that comes to nothing. */
export class Lobby {
  /** Ids of tickets that the store did not know at the last sweep. */
  private missing: ReadonlySet<string> = new Set();
  /** The store cannot be asked: nobody is found until it can, and those who wait are told so. */
  private isHeld = false;

  constructor(private readonly deps: LobbyDeps) {}

  /** An idle person asks for someone to meet. */
  async seek(person: Person, wishes: Wishes): Promise<void> {
    if (person.session.state !== 'idle')
      throw new Refusal('not_idle', 'you are searching or in a call already');
    const admitted = this.admit(person, wishes);
    await this.begin(person, admitted);
  }

  async cancel(person: Person): Promise<void> {
    const { session } = person;
    if (session.state === 'pausing') {
      session.stop();
      person.session = { state: 'idle' };
      return;
    }
    if (session.state !== 'seeking') throw new Refusal('not_searching', 'you are not searching');
    person.session = { state: 'idle' };
    // Where a claim has won the race, `matched` sees that this person has left and puts the other one back.
    if (session.queued) await this.takeOut(session.ticket);
  }

  /**
   * Ends the call and asks again with the same wishes (M8). Leaving is never held up; skipping too fast delays
   * only the next search. Answers with that delay.
   */
  async next(person: Person, callId: string): Promise<number> {
    const { calls } = this.deps;
    const call = calls.present(person, callId);
    if (person.session.state !== 'in_call') return 0;
    const { wishes } = person.session;
    calls.end(call, 'next', person);
    return this.again(person, wishes);
  }

  /** Who has just left a call asks again, with the same wishes. Answers with the pause before the search begins. */
  async again(person: Person, wishes: Wishes): Promise<number> {
    // Leaving a call elsewhere takes a moment, in which they may have asked for something else.
    if (person.session.state !== 'idle') return 0;
    return this.begin(person, this.admit(person, wishes));
  }

  /** Puts someone back whose call came to nothing, with the waiting time they had. */
  async putBack(person: Person, wishes: Wishes, since: number): Promise<void> {
    if (person.session.state === 'idle') await this.queue(person, wishes, since);
  }

  /** The director's word: these tickets are claimed, so nobody else has them. */
  matched(tickets: readonly Ticket[]): void {
    const [one, other] = tickets.map((ticket) => this.seekerWith(ticket));
    if (one !== undefined && other !== undefined) {
      this.meet([one, other]);
      return;
    }
    // One of them has left since: the other one waits on, as if nothing had been.
    for (const ticket of tickets) this.freed(ticket);
  }

  /** Who seeks with exactly this ticket; it is claimed, so it is theirs to be met with or to be freed from. */
  seekerWith(ticket: TicketKey): Matched | undefined {
    const person = this.deps.people.get(ticket.personId);
    if (person === undefined || !this.isQueued(person, ticket)) return undefined;
    return { person, ticket: person.session.ticket, wishes: person.session.wishes };
  }

  /** Opens the call of two who were found for each other. */
  meet(matched: readonly [Matched, Matched], callId?: string): void {
    const { outlook, clock, calls, begin } = this.deps;
    const [one, other] = matched;
    outlook.matched(one.ticket.mode, [one.ticket, other.ticket], clock.now());
    begin(calls.open(matched, callId));
  }

  /** This claimed ticket's meeting came to nothing: whoever still seeks with it waits on. */
  freed(ticket: TicketKey): void {
    const seeker = this.seekerWith(ticket);
    if (seeker === undefined) return;
    seeker.person.session = { state: 'idle' };
    this.queue(seeker.person, seeker.wishes, seeker.ticket.since).catch(
      this.report('a person could not be put back'),
    );
  }

  /** The store has let go of this ticket: it has waited for too long. */
  expire(ticket: TicketKey): void {
    const person = this.deps.people.get(ticket.personId);
    if (person !== undefined) this.endSearch(person, ticket, 'expired');
  }

  stepReached(ticket: TicketKey, step: number): void {
    const person = this.deps.people.get(ticket.personId);
    if (person?.session.state !== 'seeking' || person.session.ticket.id !== ticket.id) return;
    person.session = { ...person.session, step };
    this.tellWaiting(person);
  }

  /** The person's socket is away: nobody is offered someone who may not come back. */
  async away(person: Person): Promise<void> {
    const { session } = person;
    if (session.state !== 'seeking' || !session.queued) return;
    person.session = { ...session, queued: false };
    await this.takeOut(session.ticket);
  }

  async back(person: Person): Promise<void> {
    const { session } = person;
    if (session.state === 'seeking' && !session.queued) {
      person.session = { state: 'idle' };
      await this.queue(person, session.wishes, session.ticket.since);
    } else if (session.state === 'seeking' || session.state === 'pausing') {
      this.tellWaiting(person);
    }
  }

  async gone(person: Person): Promise<void> {
    if (person.session.state === 'seeking' || person.session.state === 'pausing') await this.cancel(person);
  }

  /** Every few seconds: keeps living tickets alive, takes ghosts out, refreshes what people are told. */
  async sweep(): Promise<void> {
    const { store, clock, policy, people } = this.deps;
    const now = clock.now();
    const seekers = [...people.all()].filter(isSeeking);
    const queued = seekers.filter(({ session }) => session.queued);
    try {
      const gone = await store.touch(
        queued.map(({ session }) => session.ticket),
        now,
      );
      this.isHeld = false;
      this.requeue(queued, gone);
      for (const ticket of await store.expire(now, policy)) this.expired(ticket);
    } catch (error) {
      this.isHeld = true;
      this.deps.fault(error, 'waiting tickets could not be looked after');
    }
    for (const person of seekers) {
      this.moveOn(person);
      this.tellWaiting(person);
    }
  }

  /** Whoever is here and not in the queue is put into it; whoever is in the queue of a region that is merged, moved. */
  private moveOn(person: Person): void {
    if (!isSeeking(person) || !person.isHere || this.isHeld) return;
    const { ticket, queued, wishes } = person.session;
    if (queued && ticket.region === this.deps.regionFor(ticket.mode)) return;
    this.requeueAs(person, ticket, wishes, queued).catch(this.report('a ticket could not be put back'));
  }

  private async requeueAs(person: Person, ticket: Ticket, wishes: Wishes, queued: boolean): Promise<void> {
    // Claimed in this very moment, it is about to be met.
    if (queued && !(await this.deps.store.remove(ticket))) return;
    const { session } = person;
    if (session.state === 'seeking' && session.ticket.id === ticket.id) {
      await this.queue(person, wishes, ticket.since);
    }
  }

  /**
   * Tickets the store has no more, though nobody was told of a match: the answer to a claim was lost on its way.
   * Missing once may mean a match that is just arriving; missing twice, its people are put back.
   */
  private requeue(seekers: readonly Person[], gone: readonly string[]): void {
    const before = this.missing;
    this.missing = new Set(gone);
    for (const person of seekers) {
      // The store took a moment to answer: they may have been met meanwhile, or have stopped.
      if (!isSeeking(person)) continue;
      const { ticket, wishes } = person.session;
      if (!before.has(ticket.id) || !this.missing.has(ticket.id) || !this.isQueued(person, ticket)) continue;
      this.queue(person, wishes, ticket.since).catch(this.report('a lost ticket could not be put back'));
    }
  }

  /**
   * Begins a search. One that follows a call which the person ended themselves, in whatever way, costs a token of
   * their skips; with none left it begins after a pause. Answers with that pause.
   */
  private async begin(person: Person, wishes: Wishes): Promise<number> {
    const { clock, policy } = this.deps;
    const now = clock.now();
    if (!person.endedLastCall) {
      await this.queue(person, wishes, now);
      return 0;
    }
    const { pace, waitMs } = takeToken(person.skips ?? fullPace(policy.skips, now), policy.skips, now);
    person.skips = pace;
    if (waitMs === 0) {
      person.endedLastCall = false;
      await this.queue(person, wishes, now);
      return 0;
    }
    this.pause(person, wishes, waitMs);
    this.tellWaiting(person);
    return waitMs;
  }

  /** The search begins after a pause (ms), by itself. A pause goes along to another seat. */
  pause(person: Person, wishes: Wishes, waitMs: number): void {
    const { clock } = this.deps;
    const stop = clock.after(waitMs, () => {
      if (person.session.state !== 'pausing') return;
      person.session = { state: 'idle' };
      // The token that has come back meanwhile is the one this search uses.
      this.begin(person, wishes).catch(this.report('a search could not begin after its pause'));
    });
    person.session = { state: 'pausing', wishes, until: clock.now() + waitMs, stop };
  }

  /** Whether somebody may search for this, with their age as their account has it. Throws where they may not. */
  private admit(person: Person, wishes: Wishes): Wishes {
    const { clock, policy } = this.deps;
    const ageBand = person.identity.ageBand ?? wishes.ageBand;
    if (ageBand === '13-17' && !policy.admitMinors) {
      throw new Refusal('too_young', 'minors are not admitted here');
    }
    const now = clock.now();
    const { allowance } = person;
    if (allowance.leftMs(now) === 0) {
      const { renewsAt } = allowance.state(now);
      throw new Refusal('plan_minutes_used', 'no minutes are left', Math.max(0, (renewsAt ?? now) - now));
    }
    if (!mayWish(allowance.plan(now), wishes)) {
      throw new Refusal('plan_needed', 'these wishes need another plan');
    }
    return { ...wishes, ageBand };
  }

  private expired(ticket: Ticket): void {
    if (ticket.node === undefined || ticket.node === this.deps.node) this.expire(ticket);
    else this.deps.expiredElsewhere(ticket);
  }

  private async queue(person: Person, wishes: Wishes, since: number): Promise<void> {
    const { store, node, regionFor, clock, ensureDirector, people } = this.deps;
    // What they asked for took a moment, and meanwhile they were given a seat elsewhere or have gone.
    if (people.get(person.id) !== person) return;
    const region = regionFor(wishes.mode);
    const ticket = makeTicket(person, wishes, { node, region, since, now: clock.now() });
    // Nobody is offered someone who is away; their time counts, and they are queued when they are back.
    person.session = { state: 'seeking', wishes, ticket, step: 0, queued: person.isHere };
    if (!person.isHere) return;
    // Told first: in process, the ticket may be matched before `add` has returned.
    this.tellWaiting(person);
    ensureDirector(shardName(shardOf(ticket)));
    let added: boolean;
    try {
      added = (await store.add(ticket)) || (await this.addInstead(person, ticket));
    } catch (error) {
      this.hold(person, ticket, error);
      return;
    }
    if (!added) {
      // A later search of theirs is in its place, or none.
      if (!this.isQueued(person, ticket)) return;
      this.endSearch(person, ticket, 'failed');
      throw new Refusal('not_idle', 'an earlier search of yours is still ending', 1000);
    }
    // Whoever cancelled or went away while the ticket was on its way in has not seen it: it is taken out here.
    if (!this.isQueued(person, ticket)) await this.takeOut(ticket);
  }

  /** A ticket of theirs that this node knows nothing of is left from a seat elsewhere, or from a store that was away. */
  private async addInstead(person: Person, ticket: Ticket): Promise<boolean> {
    const { store } = this.deps;
    for (let tries = 0; tries < MOST_TRIES && this.isQueued(person, ticket); tries += 1) {
      const left = await store.ticketOf(ticket.personId);
      if (left !== null) await store.remove({ id: left, personId: ticket.personId });
      if (await store.add(ticket)) return true;
    }
    return false;
  }

  /** Whoever meets them with it finds that they seek no more, should it not be taken out. */
  private async takeOut(ticket: Ticket): Promise<void> {
    await this.deps.store.remove(ticket).catch(this.report('a ticket could not be taken out'));
  }

  /** The store cannot be asked: the search goes on by itself when it can, with the waiting time so far. */
  private hold(person: Person, ticket: Ticket, error: unknown): void {
    this.isHeld = true;
    this.deps.fault(error, 'a ticket could not be added');
    if (!this.isQueued(person, ticket)) return;
    person.session = { ...person.session, queued: false };
    this.tellWaiting(person);
  }

  private endSearch(person: Person, ticket: TicketKey, reason: 'expired' | 'failed'): void {
    if (person.session.state !== 'seeking' || person.session.ticket.id !== ticket.id) return;
    person.session = { state: 'idle' };
    person.tell({ event: 'search_ended', data: { reason } });
  }

  private isQueued(person: Person, ticket: TicketKey): person is Person & { session: Seeking } {
    const { session } = person;
    return session.state === 'seeking' && session.ticket.id === ticket.id && session.queued;
  }

  private tellWaiting(person: Person): void {
    const { session } = person;
    if (session.state !== 'seeking' && session.state !== 'pausing') return;
    const now = this.deps.clock.now();
    const mode: Mode = session.wishes.mode;
    const seeking = session.state === 'seeking';
    const waitedMs = seeking ? Math.max(0, now - session.ticket.since) : 0;
    person.tell({
      event: 'waiting_for_partner',
      data: {
        mode,
        pauseMs: seeking ? 0 : Math.max(0, session.until - now),
        waitedMs,
        step: seeking ? session.step : 0,
        held: this.isHeld,
        ...this.deps.outlook.of(mode, seeking ? waitedMs : null, now),
      },
    });
  }

  private report(words: string): (error: unknown) => void {
    return (error) => this.deps.fault(error, words);
  }
}

const isSeeking = (person: Person): person is Person & { session: Seeking } =>
  person.session.state === 'seeking';
