import type { Ticket } from '../../../../domain/pairing';
import { Forest } from './forest';
import { Names } from './names';
import { NONE } from './table';
import type { InterestNumbers } from './seeker';

/** More than `MAX_STEPS`, so that a class and a step are one number. */
const STEP_SPAN = 32;
/** In place of a step: the branch of a class under `longest`, which knows no steps. */
const ANY_STEP = STEP_SPAN - 1;
/** In place of a kind: the one leaf of a class under `longest`. */
const ANY_KIND = NONE;

export const classOfBranch = (branchKey: number): number => Math.floor(branchKey / STEP_SPAN);
export const stepOfBranch = (branchKey: number): number => branchKey % STEP_SPAN;
const branchKeyOf = (classId: number, step: number): number => classId * STEP_SPAN + step;

/** Where a ticket belongs in the lists. */
export interface Listing {
  readonly classId: number;
  readonly step: number;
  readonly kind: number;
  readonly place: number;
}

/** A facet that has a root for each name that a waiting ticket has, such as the interests. */
class NamedRoots {
  readonly names = new Names();
  private readonly roots: number[] = [];
  private readonly ofRoot = new Map<number, number>();

  constructor(private readonly forest: Forest) {}

  /** The root for this name; NONE when no ticket has it. */
  find(name: string): number {
    const id = this.names.idOf(name);
    return id === undefined ? NONE : (this.roots[id] ?? NONE);
  }

  findOrAdd(name: string): number {
    const known = this.names.idOf(name);
    if (known !== undefined) return this.roots[known] ?? NONE;
    const id = this.names.intern(name);
    const root = this.forest.addRoot();
    this.roots[id] = root;
    this.ofRoot.set(root, id);
    return root;
  }

  /** Forgets a root whose last ticket has gone. */
  forget(root: number): boolean {
    const id = this.ofRoot.get(root);
    if (id === undefined) return false;
    this.names.release(id);
    this.ofRoot.delete(root);
    this.forest.releaseRoot(root);
    return true;
  }
}

/**
 * The facets by which waiting tickets can be looked up. Each facet is a root of the forest:
 * - `all`: all tickets. Every possible partner is found here;
 * - `longest`: all tickets, longest wait first whatever the step and the place;
 * - one for each language, and one for tickets without languages;
 * - one for each interest, and one for tickets without interests;
 * - one for each country.
 * Below `all` and the languages, tickets are distinguished by place, below the others by kind.
 */
export class Facets {
  readonly forest: Forest;
  readonly all: number;
  readonly longest: number;
  private readonly noInterest: number;
  private readonly noLanguage: number;
  private readonly interests: NamedRoots;
  private readonly languages: NamedRoots;
  private readonly countries: NamedRoots;

  constructor(sinceOf: (slot: number) => number) {
    this.forest = new Forest(sinceOf, (root) => this.forgetRoot(root));
    this.interests = new NamedRoots(this.forest);
    this.languages = new NamedRoots(this.forest);
    this.countries = new NamedRoots(this.forest);
    this.all = this.forest.addRoot();
    this.longest = this.forest.addRoot();
    this.noInterest = this.forest.addRoot();
    this.noLanguage = this.forest.addRoot();
  }

  /** Lists a ticket. The answer is what `remove` and `move` take. */
  insert(slot: number, ticket: Ticket, { classId, step, kind, place }: Listing): number {
    const branch = branchKeyOf(classId, step);
    let entry = this.forest.insert(this.longest, branchKeyOf(classId, ANY_STEP), ANY_KIND, slot, NONE);
    entry = this.forest.insert(this.all, branch, place, slot, entry);
    if (ticket.languages.length === 0)
      entry = this.forest.insert(this.noLanguage, branch, place, slot, entry);
    for (const language of ticket.languages) {
      entry = this.forest.insert(this.languages.findOrAdd(language), branch, place, slot, entry);
    }
    if (ticket.country !== null) {
      entry = this.forest.insert(this.countries.findOrAdd(ticket.country), branch, kind, slot, entry);
    }
    if (ticket.interests.length === 0) entry = this.forest.insert(this.noInterest, branch, kind, slot, entry);
    for (const interest of ticket.interests) {
      entry = this.forest.insert(this.interests.findOrAdd(interest), branch, kind, slot, entry);
    }
    return entry;
  }

  remove(entry: number): void {
    this.forest.removeAll(entry);
  }

  move(entry: number, classId: number, from: number, to: number): void {
    this.forest.moveAll(entry, branchKeyOf(classId, from), branchKeyOf(classId, to));
  }

  /** The roots of tickets that share one of these interests, or that like this one have none. */
  interestRootsOf({ interests }: Ticket): number[] {
    return interests.length === 0 ? [this.noInterest] : rootsIn(this.interests, interests);
  }

  /** The roots of all tickets that share a language with this one. */
  languageRootsOf({ languages }: Ticket): number[] {
    return languages.length === 0 ? [this.all] : [...rootsIn(this.languages, languages), this.noLanguage];
  }

  /** The root of tickets from the same country; NONE when there are none or the country is unknown. */
  countryRootOf({ country }: Ticket): number {
    return country === null ? NONE : this.countries.find(country);
  }

  /** The numbers of those interests that a waiting ticket has, too. */
  interestNumbers({ interests }: Ticket): InterestNumbers {
    const ids: number[] = [];
    let bits = 0;
    for (const interest of interests) {
      const id = this.interests.names.idOf(interest);
      if (id === undefined) continue;
      ids.push(id);
      bits |= 1 << (id & 31);
    }
    return { ids, bits };
  }

  private forgetRoot(root: number): void {
    // The other roots stay, empty as they are.
    if (this.interests.forget(root) || this.languages.forget(root)) return;
    this.countries.forget(root);
  }
}

function rootsIn(facet: NamedRoots, names: readonly string[]): number[] {
  const roots: number[] = [];
  for (const name of names) {
    const root = facet.find(name);
    if (root !== NONE) roots.push(root);
  }
  return roots;
}
