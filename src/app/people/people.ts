import { randomBytes } from 'node:crypto';
import type { Allowance } from '../plans/allowance';
import type { Clock } from '../ports/clock';
import type { Identity } from './identity';
import { Person, type Outlet } from './person';

export interface PeopleEvents {
  /** Has their seat on this node from now on. */
  seated(person: Person): void;
  /** The socket is gone for now; the place is held until `graceMs` has passed. */
  away(person: Person, graceMs: number, departure: Departure): void;
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

/** `moving`: we have sent them on to another node, where they are in a moment. */
export type Departure = 'dropped' | 'page_closed' | 'good_bye' | 'moving';

/** For so long nobody is told that somebody who is moving is away. */
export const UNNOTICED_MS = 2_000;

/** The people of this node: who is here, who is away for a moment, and their resume tokens. */
export class People {
  private readonly byId = new Map<string, Person>();
  private readonly byToken = new Map<string, Person>();
  private readonly listeners: Partial<PeopleEvents>[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly graces: Graces,
  ) {}

  on(events: Partial<PeopleEvents>): void {
    this.listeners.push(events);
  }

  get(id: string): Person | undefined {
    return this.byId.get(id);
  }

  all(): IterableIterator<Person> {
    return this.byId.values();
  }

  /** Who a resume token belongs to, if they are still known here. */
  holder(resumeToken: string): Person | undefined {
    return this.byToken.get(resumeToken);
  }

  /** Someone known is back on a new socket; a socket they still had is closed as replaced. */
  readmit(person: Person, outlet: Outlet): void {
    if (person.presence.state === 'here') person.presence.outlet.close('replaced');
    else person.presence.stop();
    person.presence = { state: 'here', outlet };
  }

  /**
   * Someone known goes on from another window or device, which has shown by itself who they are. From now on they hang
   * on its log-in, and the resume token of the one before is worth nothing.
   */
  takeOver(person: Person, outlet: Outlet, identity: Identity): void {
    this.byToken.delete(person.resumeToken);
    person.resumeToken = newToken(person.id);
    this.byToken.set(person.resumeToken, person);
    person.identity = identity;
    this.readmit(person, outlet);
    person.changed();
  }

  /**
   * Somebody who was not here. Their id must not be in use. `token`: the one they have shown, which stays theirs, since
   * nobody knows whether the answer to it arrives.
   */
  welcome(
    identity: Identity,
    allowance: Allowance,
    outlet: Outlet,
    token = newToken(identity.userId),
  ): Person {
    const person = new Person(identity, allowance, token, outlet, this.clock.now());
    this.byId.set(person.id, person);
    this.byToken.set(token, person);
    for (const listener of this.listeners) listener.seated?.(person);
    return person;
  }

  /** Their log-in or their account is no more: the place is given up at once, and the socket closed. */
  dismiss(person: Person): void {
    if (this.byId.get(person.id) !== person) return;
    const { presence } = person;
    if (presence.state === 'away') presence.stop();
    this.forget(person);
    if (presence.state === 'here') presence.outlet.close('signedOut');
  }

  /** Their seat is on another node from now on: nothing of theirs ends, and nothing of them is left here. */
  release(person: Person): void {
    if (this.byId.get(person.id) !== person) return;
    this.byId.delete(person.id);
    this.byToken.delete(person.resumeToken);
    const { presence } = person;
    if (presence.state === 'away') presence.stop();
    else presence.outlet.close('replaced');
  }

  /** To be called after `connected` was sent, so that what the person was doing is told after it. */
  resume(person: Person): void {
    for (const listener of this.listeners) listener.back?.(person);
  }

  /** The socket behind `outlet` is closed. Ignored when the person has another one by now, or is forgotten. */
  depart(person: Person, outlet: Outlet, departure: Departure): void {
    if (this.byId.get(person.id) !== person) return;
    if (person.presence.state !== 'here' || person.presence.outlet !== outlet) return;
    if (departure === 'good_bye') {
      this.forget(person);
      return;
    }
    const graceMs = departure === 'page_closed' ? this.graces.pageClosed : this.graces.dropped;
    const stop = this.clock.after(graceMs, () => this.forget(person));
    person.presence = { state: 'away', until: this.clock.now() + graceMs, stop };
    for (const listener of this.listeners) listener.away?.(person, graceMs, departure);
  }

  /** Forgets everybody at once: the node is going down. */
  close(): void {
    for (const person of [...this.byId.values()]) {
      if (person.presence.state === 'away') person.presence.stop();
      this.byId.delete(person.id);
      this.byToken.delete(person.resumeToken);
    }
  }

  private forget(person: Person): void {
    if (!this.byId.delete(person.id)) return;
    this.byToken.delete(person.resumeToken);
    for (const listener of this.listeners) listener.gone?.(person);
  }
}

/** Nobody can guess the first part; the second one says where to look for whom it belongs to. */
const newToken = (personId: string): string => `${randomBytes(24).toString('base64url')}.${personId}`;

/** Whom a resume token would belong to; whether it does is not said. */
export const personIdOf = (resumeToken: string): string => resumeToken.slice(resumeToken.indexOf('.') + 1);
