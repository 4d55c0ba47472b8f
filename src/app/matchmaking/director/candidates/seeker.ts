import {
  avoidsCountryOf,
  locationPoints,
  priorityPoints,
  shareLanguage,
  stepOf,
  type Steps,
  type Ticket,
} from '../../../../domain/pairing';
import { classAge, classesMayMeet, type PairingClass, type PairingClasses } from './classes';
import { codesOf, NO_CODE, type Kind, type KindCodes, type Kinds } from './kinds';

/** The verdict of a seeker on a class or kind: bits, and above them points. */
export const ALLOWED = 1;
export const NEAR = 2;
export const SHARES_LANGUAGE = 4;
/** On a class: it is known that it is not allowed. */
const REFUSED = 2;
const POINTS_SHIFT = 3;
export const pointsIn = (opinion: number): number => opinion >>> POINTS_SHIFT;

/** Points for location, by the rule itself. */
const POINTS = {
  same: locationPoints('A', 'A'),
  different: locationPoints('A', 'B'),
  unknown: locationPoints(null, 'A'),
};

/** The verdicts of one class on the others, by their number. Classes never change, so verdicts never do. */
class ClassOpinions {
  private values = new Uint8Array(64);

  /** 0 while there is none. */
  get(id: number): number {
    return this.values[id] ?? 0;
  }

  set(id: number, opinion: number): void {
    if (id >= this.values.length) {
      const wider = new Uint8Array(Math.ceil((id + 1) * 1.5));
      wider.set(this.values);
      this.values = wider;
    }
    this.values[id] = opinion;
  }
}

/** Verdicts by the number of their class or kind. Beside each stands the number of the search that formed it. */
class Opinions {
  private values = new Int32Array(128);

  get(id: number, search: number): number | undefined {
    return this.values[2 * id] === search ? this.values[2 * id + 1] : undefined;
  }

  set(id: number, search: number, opinion: number): number {
    if (2 * id >= this.values.length) {
      const wider = new Int32Array(2 * Math.ceil((id + 1) * 1.5));
      wider.set(this.values);
      this.values = wider;
    }
    this.values[2 * id] = search;
    this.values[2 * id + 1] = opinion;
    return opinion;
  }

  clear(): void {
    this.values.fill(0);
  }
}

/** Interests by their numbers. Interests that no waiting ticket names are left out. */
export interface InterestNumbers {
  readonly ids: readonly number[];
  readonly bits: number;
}

/** The ticket that looks for a partner, with what follows from it for whole classes and kinds. */
export interface Seeker {
  readonly ticket: Ticket;
  readonly ownClass: PairingClass;
  readonly classOpinions: ClassOpinions;
  readonly step: number;
  readonly priority: number;
  readonly interests: InterestNumbers;
  readonly codes: KindCodes;
  readonly now: number;
  readonly search: number;
}

/** Forms each verdict once a search: a search comes across the same few classes and kinds over and over. */
export class Judge {
  private readonly ofClasses: ClassOpinions[] = [];
  private readonly ofKind = new Opinions();
  private readonly ofPlace = new Opinions();
  private searches = 0;

  constructor(
    private readonly classes: PairingClasses,
    private readonly kinds: Kinds,
    private readonly places: Kinds,
    private readonly steps: Steps,
    /** Called when searches are numbered anew, for code that keeps their numbers. */
    private readonly renumbered: () => void,
  ) {}

  seeker(ticket: Ticket, interests: InterestNumbers, now: number): Seeker {
    if (this.searches === 0x7fffffff) {
      this.searches = 0;
      this.ofKind.clear();
      this.ofPlace.clear();
      this.renumbered();
    }
    const ownClass = this.classes.of(ticket);
    return {
      ticket,
      ownClass,
      classOpinions: (this.ofClasses[ownClass.id] ??= new ClassOpinions()),
      step: stepOf(this.steps, ticket, now),
      priority: priorityPoints(ticket.priority),
      interests,
      codes: codesOf(ticket),
      now,
      search: ++this.searches,
    };
  }

  /** Group size, age and gender of a class: allowed, near by age, and the points for age. */
  classOpinion(seeker: Seeker, classId: number): number {
    const known = seeker.classOpinions.get(classId);
    return known !== 0 ? known : this.formClassOpinion(seeker, classId);
  }

  /** Countries and languages of a kind: allowed, near by country, a language shared, the points for location. */
  kindOpinion(seeker: Seeker, kindId: number): number {
    const known = this.ofKind.get(kindId, seeker.search);
    return known ?? this.ofKind.set(kindId, seeker.search, formOpinion(seeker, this.kinds, kindId));
  }

  /** The same of a kind without languages. */
  placeOpinion(seeker: Seeker, placeId: number): number {
    const known = this.ofPlace.get(placeId, seeker.search);
    return known ?? this.ofPlace.set(placeId, seeker.search, formOpinion(seeker, this.places, placeId));
  }

  private formClassOpinion(seeker: Seeker, classId: number): number {
    const other = this.classes.get(classId);
    let opinion = REFUSED;
    if (other !== undefined && classesMayMeet(seeker.ownClass, other)) {
      const { points, near } = classAge(seeker.ownClass, other);
      opinion = ALLOWED | (near ? NEAR : 0) | (points << POINTS_SHIFT);
    }
    seeker.classOpinions.set(classId, opinion);
    return opinion;
  }
}

function formOpinion({ ticket, codes }: Seeker, kinds: Kinds, id: number): number {
  const country = kinds.country(id);
  const texts = !codes.complete || !kinds.isComplete(id) || kinds.mayAvoid(id, codes.country);
  if (texts) return opinionByTexts(ticket, kinds.get(id));
  if (country !== NO_CODE && codes.avoided.includes(country)) return 0;
  const sameCountry = codes.country !== NO_CODE && codes.country === country;
  const unknown = codes.country === NO_CODE || country === NO_CODE;
  const points = unknown ? POINTS.unknown : sameCountry ? POINTS.same : POINTS.different;
  const language = kinds.sharesLanguage(id, codes) ? SHARES_LANGUAGE : 0;
  return ALLOWED | (points << POINTS_SHIFT) | (sameCountry ? NEAR : 0) | language;
}

function opinionByTexts(ticket: Ticket, kind: Kind | undefined): number {
  if (kind === undefined || avoidsCountryOf(ticket, kind) || avoidsCountryOf(kind, ticket)) return 0;
  let opinion = ALLOWED | (locationPoints(ticket.country, kind.country) << POINTS_SHIFT);
  if (kind.country !== null && kind.country === ticket.country) opinion |= NEAR;
  if (shareLanguage(ticket.languages, kind.languages)) opinion |= SHARES_LANGUAGE;
  return opinion;
}
