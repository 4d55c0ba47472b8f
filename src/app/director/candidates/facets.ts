import type { Ticket } from '../../../domain/pairing';
import { Forest } from './forest';
import { Names } from './names';
import { NONE } from './ring-table';

/** More than `MAX_STEPS`, so that a class and a step are one number. */
const STEP_SPAN = 32;
/** In place of a step: the branch of a class under `longest`, which knows no steps. */
const ANY_STEP = STEP_SPAN - 1;
/** In place of a kind: the one leaf of a class under `longest`. */
const ANY_KIND = NONE;

export const classOfBranch = (branchKey: number): number => Math.floor(branchKey / STEP_SPAN);
export const stepOfBranch = (branchKey: number): number => branchKey % STEP_SPAN;
const branchKeyOf = (classId: number, step: number): number => classId * STEP_SPAN + step;

/**
 * By what those who wait can be looked up. Each facet is a root of the forest:
 * - `all`: everybody, by class and step, then kind. Whoever may be found at all is found here;
 * - `longest`: everybody, by class alone, longest wait first;
 * - one for each interest, and one for those who named none;
 * - one for each country.
 */
export class Facets {
  readonly forest: Forest;
  readonly all: number;
  readonly longest: number;
  private readonly noInterest: number;
  private readonly interests = new Names();
  private readonly countries = new Names();
  private readonly interestRoots = new Map<number, number>();
  private readonly countryRoots = new Map<number, number>();
  /** Of which facet a root is one, for those that vanish with their last ticket. */
  private readonly vanishing = new Map<number, () => void>();

  constructor(sinceOf: (slot: number) => number) {
    this.forest = new Forest(sinceOf, (root) => this.vanishing.get(root)?.());
    this.all = this.forest.addRoot();
    this.longest = this.forest.addRoot();
    this.noInterest = this.forest.addRoot();
  }

  /** Lists a ticket; the answer is what `remove` and `move` ask for. */
  insert(slot: number, ticket: Ticket, at: { classId: number; kind: number; step: number }): number {
    const branch = branchKeyOf(at.classId, at.step);
    const list = (root: number, entry: number) => this.forest.insert(root, branch, at.kind, slot, entry);
    const oldest = branchKeyOf(at.classId, ANY_STEP);
    let entry = list(this.all, this.forest.insert(this.longest, oldest, ANY_KIND, slot, NONE));
    if (ticket.country !== null) {
      entry = list(this.rootOf(this.countries, this.countryRoots, ticket.country), entry);
    }
    if (ticket.interests.length === 0) return list(this.noInterest, entry);
    for (const interest of ticket.interests) {
      entry = list(this.rootOf(this.interests, this.interestRoots, interest), entry);
    }
    return entry;
  }

  remove(entry: number): void {
    this.forest.removeAll(entry);
  }

  move(entry: number, classId: number, from: number, to: number): void {
    this.forest.moveAll(entry, branchKeyOf(classId, from), branchKeyOf(classId, to));
  }

  /** Where those are who share one of these interests, or who like this person have named none. */
  interestRootsOf({ interests }: Ticket): number[] {
    if (interests.length === 0) return [this.noInterest];
    const roots: number[] = [];
    for (const interest of interests) {
      const id = this.interests.idOf(interest);
      const root = id === undefined ? undefined : this.interestRoots.get(id);
      if (root !== undefined) roots.push(root);
    }
    return roots;
  }

  /** Where those are who come from the same country; NONE when nobody does or it is unknown. */
  countryRootOf({ country }: Ticket): number {
    const id = country === null ? undefined : this.countries.idOf(country);
    return id === undefined ? NONE : (this.countryRoots.get(id) ?? NONE);
  }

  /** One bit for each interest that someone who waits has named too. */
  interestBits({ interests }: Ticket): number {
    let bits = 0;
    for (const interest of interests) {
      const id = this.interests.idOf(interest);
      if (id !== undefined) bits |= 1 << (id & 31);
    }
    return bits;
  }

  private rootOf(names: Names, roots: Map<number, number>, name: string): number {
    const id = names.intern(name);
    const known = roots.get(id);
    if (known !== undefined) return known;
    const root = this.forest.addRoot();
    roots.set(id, root);
    this.vanishing.set(root, () => {
      names.release(id);
      roots.delete(id);
      this.vanishing.delete(root);
      this.forest.releaseRoot(root);
    });
    return root;
  }
}
