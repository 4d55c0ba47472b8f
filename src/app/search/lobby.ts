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
import type { Clock } from '../ports/clock';
import type { TicketStore } from '../ports/ticket-store';
import type { Outlook } from './outlook';
import { makeTicket } from './ticket-maker';

export interface LobbyPolicy {
  readonly region: string;
  readonly admitMinors: boolean;
  /** Skips a person may make in a burst, and how fast they come back (M8). */
  readonly skips: PaceLimit;
  /** A ticket nobody touched for this long is a ghost (M6). */
  readonly staleMs: number;
  /** The longest anyone waits (M6). */
  readonly maxAgeMs: number;
}

export interface LobbyDeps {
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

type Seeking = Extract<Person['session'], { state: 'seeking' }>;

/** From the wish to meet someone to the match, and back again when that comes to nothing. */
export class Lobby {
  /** Ids of tickets that the store did not know at the last sweep. */
  private missing: ReadonlySet<string> = new Set();

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
    if (session.queued) await this.deps.store.remove(session.ticket);
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
    return this.begin(person, this.admit(person, wishes));
  }

  /** Puts someone back whose call came to nothing, with the waiting time they had. */
  async putBack(person: Person, wishes: Wishes, since: number): Promise<void> {
    if (person.session.state === 'idle') await this.queue(person, wishes, since);
  }

  /** The director's word: these tickets are claimed, so nobody else has them. */
  matched(tickets: readonly Ticket[]): void {
    const found = tickets.map((ticket) => this.seekerOf(ticket));
    const [one, other] = found;
    if (one !== undefined && other !== undefined) {
      this.deps.outlook.matched(one.ticket.mode, [one.ticket, other.ticket], this.deps.clock.now());
      this.deps.begin(this.deps.calls.open([one, other]));
      return;
    }
    // One of them has left since: the other one waits on, as if nothing had been.
    for (const left of found) {
      if (left === undefined) continue;
      left.person.session = { state: 'idle' };
      this.queue(left.person, left.wishes, left.ticket.since).catch(
        this.report('a person could not be put back'),
      );
    }
  }

  stepReached(ticket: Ticket, step: number): void {
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
    await this.deps.store.remove(session.ticket);
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
    const seekers = [...people.all()].filter(
      (person): person is Person & { session: Seeking } =>
        person.session.state === 'seeking' && person.session.queued,
    );
    const now = clock.now();
    const gone = await store.touch(
      seekers.map(({ session }) => session.ticket),
      now,
    );
    this.requeue(seekers, gone);
    for (const ticket of await store.expire(now, policy)) this.expired(ticket);
    for (const person of seekers) this.tellWaiting(person);
  }

  /**
   * Tickets the store has no more, though nobody was told of a match: the answer to a claim was lost on its way.
   * Missing once may mean a match that is just arriving; missing twice, its people are put back.
   */
  private requeue(seekers: readonly (Person & { session: Seeking })[], gone: readonly string[]): void {
    const before = this.missing;
    this.missing = new Set(gone);
    for (const person of seekers) {
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
    const stop = clock.after(waitMs, () => {
      if (person.session.state !== 'pausing') return;
      person.session = { state: 'idle' };
      // The token that has come back meanwhile is the one this search uses.
      this.begin(person, wishes).catch(this.report('a search could not begin after its pause'));
    });
    person.session = { state: 'pausing', wishes, until: now + waitMs, stop };
    this.tellWaiting(person);
    return waitMs;
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
    const person = this.deps.people.get(ticket.personId);
    if (person !== undefined) this.endSearch(person, ticket, 'expired');
  }

  private async queue(person: Person, wishes: Wishes, since: number): Promise<void> {
    const { store, policy, clock, ensureDirector } = this.deps;
    const ticket = makeTicket(person, wishes, { region: policy.region, since, now: clock.now() });
    // Nobody is offered someone who is away; their time counts, and they are queued when they are back.
    person.session = { state: 'seeking', wishes, ticket, step: 0, queued: person.isHere };
    if (!person.isHere) return;
    // Told first: in process, the ticket may be matched before `add` has returned.
    this.tellWaiting(person);
    ensureDirector(shardName(shardOf(ticket)));
    const added = await store.add(ticket).catch((error: unknown) => {
      this.endSearch(person, ticket, 'failed');
      throw error;
    });
    if (!added) {
      this.endSearch(person, ticket, 'failed');
      throw new Refusal('not_idle', 'an earlier search of yours is still ending', 1000);
    }
    // Whoever cancelled or went away while the ticket was on its way in has not seen it: it is taken out here.
    if (!this.isQueued(person, ticket)) await store.remove(ticket);
  }

  private endSearch(person: Person, ticket: Ticket, reason: 'expired' | 'failed'): void {
    if (person.session.state !== 'seeking' || person.session.ticket.id !== ticket.id) return;
    person.session = { state: 'idle' };
    person.tell({ event: 'search_ended', data: { reason } });
  }

  private isQueued(person: Person, ticket: Ticket): person is Person & { session: Seeking } {
    const { session } = person;
    return session.state === 'seeking' && session.ticket.id === ticket.id && session.queued;
  }

  private seekerOf(ticket: Ticket): Matched | undefined {
    const person = this.deps.people.get(ticket.personId);
    if (person === undefined || !this.isQueued(person, ticket)) return undefined;
    return { person, ticket, wishes: person.session.wishes };
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
        ...this.deps.outlook.of(mode, seeking ? waitedMs : null, now),
      },
    });
  }

  private report(words: string): (error: unknown) => void {
    return (error) => this.deps.fault(error, words);
  }
}
