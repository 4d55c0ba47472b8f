import { randomUUID } from 'node:crypto';
import { guestName } from '../../domain/names';
import type { Allowance } from '../plans/allowance';
import type { Plans } from '../plans/plans';
import type { Credentials, Identity } from './identity';
import type { People } from './people';
import type { Outlet, Person } from './person';

/** Who a browser is, from what its cookies say. */
export interface Identifies {
  /** Null: nobody known. Throws `Refusal('records_unavailable')` when that cannot be told now. */
  identify(credentials: Credentials): Promise<Identity | null>;
}

export interface AdmitsGuests {
  /** The guest of this session; null where it lets nobody in. */
  admit(session: string, isNew: boolean): Promise<Identity | null>;
}

/** Somebody who had their seat on another node until now, with what they were doing there. */
export interface Fetched {
  readonly identity: Identity;
  /** Puts what they were doing into the person they are here. */
  restore(person: Person): void;
}

/** Seats on other nodes. None of these throws: without word from them people are greeted as if they were new. */
export interface FindsSeats {
  /** The person whose token this is, given up by the node where they were. */
  recall(resumeToken: string): Promise<Fetched | null>;
  elsewhere(personId: string): Promise<{ readonly isHere: boolean } | null>;
  /** Somebody who is known to be whom they say they are. */
  fetch(personId: string): Promise<Fetched | null>;
}

export interface GreetingDeps {
  readonly seats: FindsSeats;
  readonly people: People;
  readonly identities: Identifies;
  readonly admission: AdmitsGuests;
  readonly plans: Pick<Plans, 'allowanceOf'>;
}

/** Who said hello: the person they were a moment ago, the one their cookies tell of, or somebody new. */
export class Greeting {
  /** Of each greeting under way: who was logged out, erased or became somebody else meanwhile. */
  private readonly underWay = new Set<Set<string>>();
  /** Sockets that show the same token take turns, so that the person is fetched once. */
  private readonly recalls = new Map<string, Promise<unknown>>();

  constructor(private readonly deps: GreetingDeps) {}

  /** To be told when somebody is logged out, erased or somebody else: what is being read of them may be from before. */
  revoked(userId: string): void {
    for (const revoked of this.underWay) revoked.add(userId);
  }

  /**
   * `isOpen` tells whether the socket still is, since this takes a moment: undefined when it closed meanwhile.
   *
   * An account is in one place at a time: greeted from a second window, it goes on there. A guest's second window is
   * a second guest, so that nobody has to know what a guest is to try the page in two windows.
   */
  async greet(
    outlet: Outlet,
    isOpen: () => boolean,
    credentials: Credentials,
    resumeToken: string | undefined,
  ): Promise<{ person: Person; resumed: boolean } | undefined> {
    const { people } = this.deps;
    const back = resumeToken === undefined ? null : await this.resume(resumeToken, outlet, isOpen);
    if (back !== null) return back;
    const { identity, allowance } = await this.read(credentials);
    if (!isOpen()) return undefined;
    const present = people.get(identity.userId);
    if (present === undefined) return this.welcome(identity, allowance, outlet, isOpen);
    if (!identity.isAnonymous || !present.isHere) {
      people.takeOver(present, outlet, identity);
      return { person: present, resumed: true };
    }
    return { person: this.welcomeWindow(identity, present.allowance, outlet), resumed: false };
  }

  /** Whose token this is, from wherever they are; null: nobody's, or nobody's any more. */
  private async resume(
    token: string,
    outlet: Outlet,
    isOpen: () => boolean,
  ): Promise<{ person: Person; resumed: boolean } | null | undefined> {
    const { people, seats } = this.deps;
    for (;;) {
      const holder = people.holder(token);
      if (holder !== undefined) {
        people.readmit(holder, outlet);
        return { person: holder, resumed: true };
      }
      const before = this.recalls.get(token);
      if (before === undefined) break;
      await before;
      if (!isOpen()) return undefined;
    }
    const recall = async (): Promise<{ person: Person; resumed: boolean } | null | undefined> => {
      const recalled = await seats.recall(token);
      return recalled === null ? null : this.seat(recalled, recalled.identity, outlet, isOpen, token);
    };
    const recalling = recall().finally(() => this.recalls.delete(token));
    this.recalls.set(
      token,
      recalling.catch(() => undefined),
    );
    return recalling;
  }

  /** Somebody who is not seated here; perhaps they are elsewhere. */
  private async welcome(
    identity: Identity,
    allowance: Allowance,
    outlet: Outlet,
    isOpen: () => boolean,
  ): Promise<{ person: Person; resumed: boolean } | undefined> {
    const { people, seats } = this.deps;
    const elsewhere = await seats.elsewhere(identity.userId);
    if (!isOpen()) return undefined;
    if (elsewhere !== null && identity.isAnonymous && elsewhere.isHere) {
      return { person: this.welcomeWindow(identity, allowance, outlet), resumed: false };
    }
    const fetched = elsewhere === null ? null : await seats.fetch(identity.userId);
    if (fetched !== null) return this.seat(fetched, identity, outlet, isOpen);
    if (!isOpen()) return undefined;
    // Two sockets of one person may have come at the same time.
    const present = people.get(identity.userId);
    if (present === undefined) return { person: people.welcome(identity, allowance, outlet), resumed: false };
    people.takeOver(present, outlet, identity);
    return { person: present, resumed: true };
  }

  /** Their minutes are the first window's: a second one is no way around a plan. */
  private welcomeWindow(identity: Identity, allowance: Allowance, outlet: Outlet): Person {
    return this.deps.people.welcome({ ...anotherGuest(), windowOf: identity.userId }, allowance, outlet);
  }

  /**
   * Somebody who is nowhere else any more. So they are seated here even if their socket has closed meanwhile: as
   * somebody who is away.
   */
  private async seat(
    fetched: Fetched,
    identity: Identity,
    outlet: Outlet,
    isOpen: () => boolean,
    token?: string,
  ): Promise<{ person: Person; resumed: boolean } | undefined> {
    const { people, plans } = this.deps;
    const allowance = await plans.allowanceOf(identity);
    // Another socket of theirs may have come meanwhile, and begun anew here.
    const present = people.get(identity.userId);
    if (present !== undefined) people.takeOver(present, outlet, identity);
    const person = present ?? people.welcome(identity, allowance, outlet, token);
    if (person.session.state === 'idle') fetched.restore(person);
    if (isOpen()) return { person, resumed: true };
    people.depart(person, outlet, 'dropped');
    // Their call and their line have to know where their seat is, with a socket or without.
    people.resume(person);
    return undefined;
  }

  /** Who they are and what they may do, read again if it was they who were logged out meanwhile. */
  private async read(credentials: Credentials): Promise<{ identity: Identity; allowance: Allowance }> {
    const { identities, plans } = this.deps;
    for (;;) {
      const revoked = new Set<string>();
      this.underWay.add(revoked);
      try {
        const identity = await this.identityFor(await identities.identify(credentials), credentials);
        const allowance = await plans.allowanceOf(identity);
        if (!revoked.has(identity.userId)) return { identity, allowance };
      } finally {
        this.underWay.delete(revoked);
      }
    }
  }

  private async identityFor(known: Identity | null, { guest, isNewGuest }: Credentials): Promise<Identity> {
    if (known !== null) return known;
    const admitted = guest === null ? null : await this.deps.admission.admit(guest, isNewGuest === true);
    return admitted ?? anotherGuest();
  }
}

/** A guest of this window alone: no session remembers them. */
const anotherGuest = (): Identity => ({
  userId: `guest_${randomUUID()}`,
  name: guestName(Math.random),
  isAnonymous: true,
  ageBand: null,
  blocked: [],
  logInId: null,
  guestSession: null,
});
