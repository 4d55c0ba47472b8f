import {
  avoidsCountryOf,
  locationPoints,
  priorityPoints,
  shareLanguage,
  stepOf,
  type Steps,
  type Ticket,
} from '../../../domain/pairing';
import { classAge, classesMayMeet, type PairingClass, type PairingClasses } from './classes';
import type { Kinds } from './kinds';

/** What a seeker thinks of a class or kind: bits, and above them points. */
export const ALLOWED = 1;
export const NEAR = 2;
export const SHARES_LANGUAGE = 4;
const POINTS_SHIFT = 3;
export const pointsIn = (opinion: number): number => opinion >>> POINTS_SHIFT;

/** Opinions of the current search by the number of what they are about. */
class Opinions {
  private values = new Int32Array(64);
  private heldBy = new Int32Array(64);

  get(id: number, search: number): number | undefined {
    return this.heldBy[id] === search ? this.values[id] : undefined;
  }

  set(id: number, search: number, opinion: number): number {
    if (id >= this.values.length) {
      const length = Math.ceil((id + 1) * 1.5);
      const [values, heldBy] = [new Int32Array(length), new Int32Array(length)];
      values.set(this.values);
      heldBy.set(this.heldBy);
      this.values = values;
      this.heldBy = heldBy;
    }
    this.values[id] = opinion;
    this.heldBy[id] = search;
    return opinion;
  }

  clear(): void {
    this.heldBy.fill(0);
  }
}

/** The one who looks for a partner, with what follows from their ticket for whole classes and kinds of people. */
export interface Seeker {
  readonly ticket: Ticket;
  readonly ownClass: PairingClass;
  readonly step: number;
  readonly priority: number;
  readonly interestBits: number;
  readonly now: number;
  readonly search: number;
}

/** Forms each opinion once a search: a search meets the same few classes and kinds over and over. */
export class Judge {
  private readonly ofClass = new Opinions();
  private readonly ofKind = new Opinions();
  private searches = 0;

  constructor(
    private readonly classes: PairingClasses,
    private readonly kinds: Kinds,
    private readonly steps: Steps,
    /** Called when searches are numbered anew, for whoever keeps their numbers. */
    private readonly renumbered: () => void,
  ) {}

  seeker(ticket: Ticket, interestBits: number, now: number): Seeker {
    if (this.searches === 0x7fffffff) {
      this.searches = 0;
      this.ofClass.clear();
      this.ofKind.clear();
      this.renumbered();
    }
    return {
      ticket,
      ownClass: this.classes.of(ticket),
      step: stepOf(this.steps, ticket, now),
      priority: priorityPoints(ticket.priority),
      interestBits,
      now,
      search: ++this.searches,
    };
  }

  /** Group size, age and gender of a class: allowed, near by age, and the points for age. */
  classOpinion(seeker: Seeker, classId: number): number {
    return this.ofClass.get(classId, seeker.search) ?? this.formClassOpinion(seeker, classId);
  }

  /** Countries and languages of a kind: allowed, near by country, a language shared, the points for location. */
  kindOpinion(seeker: Seeker, kindId: number): number {
    return this.ofKind.get(kindId, seeker.search) ?? this.formKindOpinion(seeker, kindId);
  }

  private formClassOpinion(seeker: Seeker, classId: number): number {
    const other = this.classes.get(classId);
    let opinion = 0;
    if (other !== undefined && classesMayMeet(seeker.ownClass, other)) {
      const { points, near } = classAge(seeker.ownClass, other);
      opinion = ALLOWED | (near ? NEAR : 0) | (points << POINTS_SHIFT);
    }
    return this.ofClass.set(classId, seeker.search, opinion);
  }

  private formKindOpinion({ ticket, search }: Seeker, kindId: number): number {
    const kind = this.kinds.get(kindId);
    let opinion = 0;
    if (kind !== undefined && !avoidsCountryOf(ticket, kind) && !avoidsCountryOf(kind, ticket)) {
      const sameCountry = kind.country !== null && kind.country === ticket.country;
      opinion = ALLOWED | (locationPoints(ticket.country, kind.country) << POINTS_SHIFT);
      if (sameCountry) opinion |= NEAR;
      if (shareLanguage(ticket.languages, kind.languages)) opinion |= SHARES_LANGUAGE;
    }
    return this.ofKind.set(kindId, search, opinion);
  }
}
