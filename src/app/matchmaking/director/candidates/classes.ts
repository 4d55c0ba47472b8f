import {
  ageDistance,
  agePoints,
  agesMayMix,
  wantsAgeOf,
  wantsGenderOf,
  wantsPair,
  type Profile,
  type Ticket,
} from '../../../../domain/pairing';
import { AGE_BANDS, GENDERS } from '../../../../protocol';

/** Gender and age band as far as the hard rules can distinguish tickets, unknown ones last. */
const GENDERS_AND_NONE: readonly Profile['gender'][] = [...GENDERS, null];
const BANDS: readonly Profile['ageBand'][] = [...AGE_BANDS, null];

const genderIndex = (gender: Profile['gender']): number =>
  gender === null ? GENDERS.length : GENDERS.indexOf(gender);
const bandIndex = (ageBand: Profile['ageBand']): number =>
  ageBand === null ? AGE_BANDS.length : AGE_BANDS.indexOf(ageBand);

/** Tickets that the hard rules on group size, age and gender cannot distinguish. */
export interface PairingClass {
  readonly id: number;
  /** Index into the 24 profiles. */
  readonly profile: number;
  /** Bit `p` is set when profile `p` suits this class's own side of the rules. */
  readonly accepts: number;
  readonly ageBand: Profile['ageBand'];
  /** How many tickets of this class wait. */
  waiting: number;
}

/**
 * The classes of all tickets seen. There are 4 genders × 6 age bands × 8 sets of wanted genders × 32 of wanted
 * ages, so at most some six thousand, and usually a few hundred: they are never forgotten.
 *
 * Two shifts tell whether two classes may be paired, so a search can skip a million tickets at once.
 */
export class PairingClasses {
  private readonly byKey = new Map<number, PairingClass>();
  private readonly classes: PairingClass[] = [];

  of(ticket: Ticket): PairingClass {
    const profile = genderIndex(ticket.gender) * BANDS.length + bandIndex(ticket.ageBand);
    const accepts = acceptedBy(ticket);
    const key = accepts * GENDERS_AND_NONE.length * BANDS.length + profile;
    let found = this.byKey.get(key);
    if (found === undefined) {
      found = { id: this.classes.length, profile, accepts, ageBand: ticket.ageBand, waiting: 0 };
      this.classes.push(found);
      this.byKey.set(key, found);
    }
    return found;
  }

  get(id: number): PairingClass | undefined {
    return this.classes[id];
  }

  /** One more ticket of this class waits. */
  bridge(id: number): void {
    const pairingClass = this.classes[id];
    if (pairingClass !== undefined) pairingClass.waiting++;
  }

  /** One ticket of this class fewer waits. */
  left(id: number): void {
    const pairingClass = this.classes[id];
    if (pairingClass !== undefined) pairingClass.waiting--;
  }

  /** Whether a ticket waits that the rules on group size, age and gender allow. */
  anyWaitingFor(searching: PairingClass): boolean {
    for (const other of this.classes) if (other.waiting > 0 && classesMayMeet(searching, other)) return true;
    return false;
  }
}

/** Group size, age and gender, both ways. */
export const classesMayMeet = (a: PairingClass, b: PairingClass): boolean =>
  ((a.accepts >>> b.profile) & (b.accepts >>> a.profile) & 1) === 1;

/** What the ages of two classes say about how well their tickets suit each other. */
export const classAge = (a: PairingClass, b: PairingClass): { points: number; near: boolean } => {
  const distance = ageDistance(a.ageBand, b.ageBand);
  return { points: agePoints(a.ageBand, b.ageBand), near: distance !== null && distance <= 1 };
};

/** Gender and age are judged apart, so ten questions settle all 24 profiles. */
function acceptedBy(ticket: Ticket): number {
  if (!wantsPair(ticket)) return 0;
  let bands = 0;
  BANDS.forEach((ageBand, index) => {
    const other = { gender: null, ageBand };
    if (agesMayMix(ticket, other) && wantsAgeOf(ticket, other)) bands |= 1 << index;
  });
  let accepts = 0;
  GENDERS_AND_NONE.forEach((gender, index) => {
    if (wantsGenderOf(ticket, { gender, ageBand: null })) accepts |= bands << (index * BANDS.length);
  });
  return accepts;
}
