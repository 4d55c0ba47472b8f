import { randomBytes, randomUUID } from 'node:crypto';
import { guestName } from '../../domain/names';
import type { Clock } from '../ports/clock';
import { Person, type Outlet } from './person';

export interface PeopleEvents {
  /** The socket is gone for now; the place is held until `graceMs` has passed. */
  away(person: Person, graceMs: number): void;
  /** Back within the grace, on a new socket. */
  back(person: Person): void;
  /** The grace has passed, or the person said good-bye. Nothing of theirs may remain. */
  gone(person: Person): void;
}

/** How long a place is held, by the way the socket went (S4). */
export interface Graces {
  /** The connection dropped. */
  readonly dropped: number;
  /** The page was closed or is being loaded again: nobody can tell which, so only a short wait. */
  readonly pageClosed: number;
}

export type Departure = 'dropped' | 'page_closed' | 'good_bye';

/** The people of this node: who is here, who is away for a moment, and their resume tokens. */
export class People {
  private readonly byId = new Map<string, Person>();
  private readonly byToken = new Map<string, Person>();
  private events: PeopleEvents = { away: () => undefined, back: () => undefined, gone: () => undefined };

  constructor(
    private readonly clock: Clock,
    private readonly graces: Graces,
  ) {}

  on(events: PeopleEvents): void {
    this.events = events;
  }

  get(id: string): Person | undefined {
    return this.byId.get(id);
  }

  all(): IterableIterator<Person> {
    return this.byId.values();
  }

  /**
   * Someone said hello. With a good resume token they are the person they were (a socket they still had is
   * closed as replaced), else somebody new.
   */
  admit(outlet: Outlet, resumeToken?: string): { person: Person; resumed: boolean } {
    const known = resumeToken === undefined ? undefined : this.byToken.get(resumeToken);
    if (known === undefined) return { person: this.welcome(outlet), resumed: false };
    if (known.presence.state === 'here') known.presence.outlet.close('replaced');
    else known.presence.stop();
    known.presence = { state: 'here', outlet };
    return { person: known, resumed: true };
  }

  /** To be called after `connected` was sent, so that what the person was doing is told after it. */
  resume(person: Person): void {
    this.events.back(person);
  }

  /** The socket behind `outlet` is closed. Ignored when the person has another one by now. */
  depart(person: Person, outlet: Outlet, departure: Departure): void {
    if (person.presence.state !== 'here' || person.presence.outlet !== outlet) return;
    if (departure === 'good_bye') {
      this.forget(person);
      return;
    }
    const graceMs = departure === 'dropped' ? this.graces.dropped : this.graces.pageClosed;
    const stop = this.clock.after(graceMs, () => this.forget(person));
    person.presence = { state: 'away', until: this.clock.now() + graceMs, stop };
    this.events.away(person, graceMs);
  }

  /** Forgets everybody at once: the node is going down. */
  close(): void {
    for (const person of [...this.byId.values()]) {
      if (person.presence.state === 'away') person.presence.stop();
      this.byId.delete(person.id);
      this.byToken.delete(person.resumeToken);
    }
  }

  private welcome(outlet: Outlet): Person {
    const person = new Person(
      `guest_${randomUUID()}`,
      guestName(Math.random),
      randomBytes(24).toString('base64url'),
      outlet,
      this.clock.now(),
    );
    this.byId.set(person.id, person);
    this.byToken.set(person.resumeToken, person);
    return person;
  }

  private forget(person: Person): void {
    if (!this.byId.delete(person.id)) return;
    this.byToken.delete(person.resumeToken);
    this.events.gone(person);
  }
}
