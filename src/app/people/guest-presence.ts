import type { Calls } from '../calls/calls';
import type { Clock } from '../ports/clock';
import type { GuestChange, GuestStore } from '../ports/guest-store';
import type { People } from './people';
import type { Person, Session } from './person';

/** How often what guests are doing is compared with what was last written. */
const TICK_MS = 2_000;
/** Somebody who is here uses their session, even if nothing about them changes. */
const RENEW_MS = 10 * 60_000;
/** How often guests whose two hours are over are forgotten. */
const EXPIRE_MS = 10 * 60_000;

/** All that what was written follows from, kept as it is: compared with ten thousand guests every two seconds. */
interface Written {
  readonly session: Session;
  readonly isHere: boolean;
  readonly partnerId: string | undefined;
  readonly connectedAt: number | null | undefined;
  readonly at: number;
}

interface Partner {
  readonly id: string;
  readonly connectedAt: number | null;
}

export interface GuestPresenceDeps {
  readonly people: People;
  readonly calls: Calls;
  readonly guests: GuestStore;
  /** With whom somebody talks whose call is at home on another node. */
  readonly partnerElsewhere: (person: Person) => Partner | undefined;
  readonly clock: Clock;
  readonly fault: (error: unknown, words: string) => void;
}

/**
 * Keeps in the guests' store what guests are doing: online, searching, in a call and with whom. Written when it has
 * changed, a few seconds late at most; nothing that has to be right at once reads it.
 */
export class GuestPresence {
  private readonly written = new Map<string, Written>();
  private readonly stops: (() => void)[];

  constructor(private readonly deps: GuestPresenceDeps) {
    const { clock } = deps;
    this.stops = [clock.every(TICK_MS, () => this.tick()), clock.every(EXPIRE_MS, () => this.expire())];
  }

  close(): void {
    for (const stop of this.stops) stop();
  }

  private expire(): void {
    const { guests, clock, fault } = this.deps;
    guests.expire(clock.now()).catch((error: unknown) => fault(error, 'guests could not be forgotten'));
  }

  private tick(): void {
    const { people, clock } = this.deps;
    const now = clock.now();
    const here = new Set<string>();
    for (const person of people.all()) {
      const { guestSession } = person.identity;
      if (guestSession === null) continue;
      here.add(guestSession);
      this.look(guestSession, person, now);
    }
    for (const session of this.written.keys()) {
      if (here.has(session)) continue;
      this.written.delete(session);
      this.write(session, GONE, now);
    }
  }

  private look(guestSession: string, person: Person, now: number): void {
    const { session, isHere } = person;
    const partner = this.partnerOf(person);
    const before = this.written.get(guestSession);
    const isSame =
      before?.session === session &&
      before.isHere === isHere &&
      before.partnerId === partner?.id &&
      before.connectedAt === partner?.connectedAt;
    if (isSame && now - before.at < RENEW_MS) return;
    this.written.set(guestSession, {
      ...{ session, isHere, partnerId: partner?.id, connectedAt: partner?.connectedAt },
      at: now,
    });
    this.write(guestSession, doing(person, partner), now);
  }

  private write(session: string, change: GuestChange, now: number): void {
    this.deps.guests.change(session, change, now).catch((error: unknown) => {
      this.written.delete(session);
      this.deps.fault(error, 'what a guest is doing could not be kept');
    });
  }

  private partnerOf(person: Person): Partner | undefined {
    const { calls, partnerElsewhere } = this.deps;
    if (person.session.state !== 'in_call') return undefined;
    const call = calls.get(person.session.callId);
    if (call === undefined) return partnerElsewhere(person);
    return { id: call.other(person.id).person.id, connectedAt: call.connectedAt };
  }
}

function doing(person: Person, partner: Partner | undefined): GuestChange {
  const { session } = person;
  const wishes = session.state === 'idle' ? undefined : session.wishes;
  return {
    isOnline: person.isHere,
    isSearching: session.state === 'seeking' || session.state === 'pausing',
    inChat: partner !== undefined,
    connectedUser: partner?.id ?? null,
    connectedAt: partner?.connectedAt ?? null,
    ...(wishes === undefined
      ? {}
      : { gender: wishes.gender, language: wishes.languages[0] ?? null, location: wishes.country }),
  };
}

const GONE: GuestChange = {
  isOnline: false,
  isSearching: false,
  inChat: false,
  connectedUser: null,
  connectedAt: null,
};
