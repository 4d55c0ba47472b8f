import {
  areRecent,
  interestPoints,
  isBetter,
  sharedCount,
  waitPoints,
  type Choice,
  type Steps,
  type Ticket,
} from '../../../domain/pairing';
import { CIRCLES } from '../../../protocol';
import { Blocks } from './blocks';
import type { PairingClasses } from './classes';
import { classOfBranch, stepOfBranch, type Facets } from './facets';
import type { Kinds } from './kinds';
import { NONE } from './ring-table';
import { ALLOWED, Judge, NEAR, pointsIn, SHARES_LANGUAGE, type Seeker } from './seeker';
import { CLASS, INTEREST_BITS, KIND, PRIORITY, SEEN_BY, STEP, type Slots } from './slots';

/** Up to this many waiting, everyone is looked at, and the choice is exactly the best one. */
export const LOOK_AT_ALL = 64;
/** Beyond, the best one is chosen among this many who share an interest, … */
const INTEREST_LOOKS = 32;
/** … who come from the same country, … */
const COUNTRY_LOOKS = 16;
/** … and who have waited longest. */
const LONGEST_LOOKS = 16;
/** Looked at in one list before others get their turn. */
const LOOKS_A_LIST = 4;
/**
 * Those refused only for a minimum score that an operator has raised above what its circle guarantees: after this
 * many, a search before the last step gives up (the next step asks for less, and the last one for nothing).
 */
const SCORE_REFUSALS = 2_000;

/** In place of a number of shared interests: both named none, which counts as sharing. */
const BOTH_NONE = -1;

/** Circles by number, narrowest first. */
const [INTEREST, NEARBY, LANGUAGE, ANYONE] = [0, 1, 2, 3];

export interface SearchParts {
  readonly slots: Slots;
  readonly classes: PairingClasses;
  readonly kinds: Kinds;
  readonly facets: Facets;
  readonly steps: Steps;
}

interface Found extends Choice {
  readonly ticket: Ticket;
}

/** How far a walk through a facet goes. */
interface Extent {
  readonly looks: number;
  readonly looksAList: number;
  /** Stops at the first one found, and not before. */
  readonly untilFound: boolean;
}

/** A facet, in which the narrowest circle anyone is in for sure is `narrowest`, and how far to go in it. */
interface Way {
  readonly narrowest: number;
  readonly extent: Extent;
}

const EVERYONE: Extent = { looks: Infinity, looksAList: Infinity, untilFound: false };
const UNTIL_FOUND: Extent = { looks: Infinity, looksAList: Infinity, untilFound: true };
const some = (looks: number): Extent => ({ looks, looksAList: LOOKS_A_LIST, untilFound: false });

/**
 * Looks for a partner among those who wait.
 *
 * First a bounded look at the likeliest: the best of those wins. Only when none of them will do, everybody is
 * searched until someone is found, so that nobody is left waiting beside a permitted partner. That search passes
 * over whole classes and kinds whom the rules forbid; looked at one by one are only those whom nothing but a
 * block, a recent meeting or a raised minimum score can still forbid.
 */
export class Search {
  private readonly judge: Judge;
  private readonly blocks = new Blocks();
  private readonly circles: readonly number[];
  private best: Found | null = null;
  /** Those whom only a recent meeting forbids. */
  private lastResorts: Found[] = [];
  private looks = 0;
  private scoreRefusals = 0;
  /** Asks only whether the hard rules leave anyone, whatever the step. */
  private hardRulesOnly = false;

  constructor(private readonly parts: SearchParts) {
    const { classes, kinds, steps, slots } = parts;
    this.judge = new Judge(classes, kinds, steps, () => slots.forgetSeen());
    this.circles = steps.map(({ circle }) => CIRCLES.indexOf(circle));
  }

  bestFor(ticket: Ticket, now: number): Ticket | null {
    const seeker = this.begin(ticket, now, false);
    if (!this.parts.classes.anyWaitingFor(seeker.ownClass)) return null;
    this.lookForBest(seeker);
    if (this.best !== null || this.lastResorts.length === 0) return this.best?.ticket ?? null;
    return this.lastResort(seeker);
  }

  private begin(ticket: Ticket, now: number, hardRulesOnly: boolean): Seeker {
    this.best = null;
    this.lastResorts = [];
    this.scoreRefusals = 0;
    this.hardRulesOnly = hardRulesOnly;
    return this.judge.seeker(ticket, this.parts.facets.interestBits(ticket), now);
  }

  private lookForBest(seeker: Seeker): void {
    const { facets, slots } = this.parts;
    if (slots.size <= LOOK_AT_ALL) {
      this.walk(seeker, facets.all, INTEREST, EVERYONE);
      return;
    }
    const interests = facets.interestRootsOf(seeker.ticket);
    const country = facets.countryRootOf(seeker.ticket);
    const each = some(Math.ceil(INTEREST_LOOKS / Math.max(1, interests.length)));
    const unfinished = interests.filter((root) => !this.walk(seeker, root, INTEREST, each));
    const countryDone = country === NONE || this.walk(seeker, country, NEARBY, some(COUNTRY_LOOKS));
    this.walk(seeker, facets.longest, INTEREST, some(LONGEST_LOOKS));
    for (const root of unfinished) {
      if (this.best === null) this.walk(seeker, root, INTEREST, UNTIL_FOUND);
    }
    if (this.best === null && !countryDone) this.walk(seeker, country, NEARBY, UNTIL_FOUND);
    if (this.best === null) this.walk(seeker, facets.all, LANGUAGE, UNTIL_FOUND);
  }

  /** "Unless nobody else waits": the best recent partner when neither of the two has anybody else. */
  private lastResort({ ticket, now }: Seeker): Ticket | null {
    const resorts = this.lastResorts.sort((a, b) => (isBetter(a, b) ? -1 : 1));
    if (this.hasAnyone(ticket, now)) return null;
    return resorts.find((resort) => !this.hasAnyone(resort.ticket, now))?.ticket ?? null;
  }

  /** Whether anyone waits whom the hard rules allow and who is not a recent partner. */
  private hasAnyone(ticket: Ticket, now: number): boolean {
    const seeker = this.begin(ticket, now, true);
    this.walk(seeker, this.parts.facets.all, INTEREST, UNTIL_FOUND);
    return this.best !== null;
  }

  /**
   * Goes through one facet, in which the narrowest circle anyone is in for sure is `narrowest`. Answers whether
   * everyone in it who could be found was looked at.
   */
  private walk(seeker: Seeker, root: number, narrowest: number, extent: Extent): boolean {
    const { forest } = this.parts.facets;
    this.looks = extent.looks;
    const count = forest.count(root);
    const begin = forest.beginOf(root);
    let complete = true;
    for (let step = 0; step < count; step++) {
      const index = begin + step < count ? begin + step : begin + step - count;
      if (this.isDone(extent)) {
        forest.beginWith(root, index);
        return false;
      }
      if (!this.walkBranch(seeker, root, index, { narrowest, extent })) complete = false;
    }
    return complete;
  }

  private isDone(extent: Extent): boolean {
    return this.looks <= 0 || (extent.untilFound && this.best !== null);
  }

  private walkBranch(seeker: Seeker, root: number, at: number, way: Way): boolean {
    const { forest } = this.parts.facets;
    const key = forest.childKey(root, at);
    const opinion = this.judge.classOpinion(seeker, classOfBranch(key));
    if ((opinion & ALLOWED) === 0) return true;
    const widest = this.widestCircle(Math.max(seeker.step, stepOfBranch(key)));
    const least = way.narrowest === LANGUAGE && (opinion & NEAR) !== 0 ? NEARBY : way.narrowest;
    if (least > widest) return true;
    const needed = widest < ANYONE ? ALLOWED | SHARES_LANGUAGE : ALLOWED;
    return this.walkLeaves(seeker, forest.childAt(root, at), needed, way.extent);
  }

  private walkLeaves(seeker: Seeker, branch: number, needed: number, extent: Extent): boolean {
    const { forest } = this.parts.facets;
    const count = forest.count(branch);
    const begin = forest.beginOf(branch);
    let complete = true;
    for (let step = 0; step < count; step++) {
      const index = begin + step < count ? begin + step : begin + step - count;
      if (this.isDone(extent)) {
        forest.beginWith(branch, index);
        return false;
      }
      const kind = forest.childKey(branch, index);
      if (kind !== NONE && (this.judge.kindOpinion(seeker, kind) & needed) !== needed) continue;
      if (!this.walkLeaf(seeker, forest.childAt(branch, index), extent)) complete = false;
    }
    return complete;
  }

  /** The circle that is open in a step, beyond the last one too: where steps do not matter, all of them. */
  private widestCircle(step: number): number {
    const last = this.circles.length - 1;
    if (this.hardRulesOnly || step >= last) return ANYONE;
    return this.scoreRefusals > SCORE_REFUSALS ? NONE : (this.circles[step] ?? ANYONE);
  }

  private walkLeaf(seeker: Seeker, leaf: number, extent: Extent): boolean {
    const { forest } = this.parts.facets;
    const first = forest.firstEntry(leaf);
    let entry = first;
    let left = extent.looksAList;
    do {
      if (left-- <= 0 || this.isDone(extent)) return false;
      this.looks--;
      this.lookAt(seeker, forest.slotOf(entry));
      entry = forest.nextEntry(entry);
    } while (entry !== first);
    return true;
  }

  private lookAt(seeker: Seeker, slot: number): void {
    const { slots, steps } = this.parts;
    if (slots.get(slot, SEEN_BY) === seeker.search) return;
    slots.set(slot, SEEN_BY, seeker.search);
    const byClass = this.judge.classOpinion(seeker, slots.get(slot, CLASS));
    const byKind = this.judge.kindOpinion(seeker, slots.get(slot, KIND));
    if ((byClass & byKind & ALLOWED) === 0) return;
    const at = Math.max(seeker.step, slots.get(slot, STEP));
    const step = steps[at];
    const since = slots.since(slot);
    const shared = this.sharedWith(seeker, slot);
    const total = this.totalOf(seeker, slot, shared) + pointsIn(byClass) + pointsIn(byKind);
    if (!this.hardRulesOnly && step !== undefined) {
      const circle = circleNumber(shared !== 0, byClass | byKind);
      if (circle > (this.circles[at] ?? ANYONE)) return;
      if (total < step.minScore) {
        this.scoreRefusals++;
        return;
      }
    }
    if (this.best !== null && !isBetter({ total, since }, this.best)) return;
    this.choose(seeker, slot, { total, since }, at);
  }

  /** Looks at what only the two tickets themselves tell. */
  private choose(seeker: Seeker, slot: number, choice: Choice, step: number): void {
    const ticket = this.parts.slots.ticket(slot);
    if (ticket === undefined || ticket.personId === seeker.ticket.personId) return;
    if (this.blocks.between(seeker.ticket, ticket)) return;
    const found: Found = { ticket, total: choice.total, since: choice.since };
    if (!areRecent(seeker.ticket, ticket, seeker.now)) this.best = found;
    else if (step === this.parts.steps.length - 1) this.lastResorts.push(found);
  }

  /** How many interests are shared, or `BOTH_NONE`. */
  private sharedWith({ ticket, interestBits }: Seeker, slot: number): number {
    const { slots } = this.parts;
    const bits = slots.get(slot, INTEREST_BITS);
    if (bits === 0) return ticket.interests.length === 0 ? BOTH_NONE : 0;
    if ((bits & interestBits) === 0) return 0;
    return sharedCount(ticket.interests, slots.ticket(slot)?.interests ?? []);
  }

  /** The points that are not the same for a whole class or kind. */
  private totalOf({ ticket, now, priority }: Seeker, slot: number, shared: number): number {
    const { slots } = this.parts;
    const longerWait = now - Math.min(ticket.since, slots.since(slot));
    const waiting = waitPoints(longerWait) + Math.max(priority, slots.get(slot, PRIORITY));
    if (shared === 0) return waiting;
    if (shared === BOTH_NONE) return waiting + interestPoints(0, 0, 0);
    const count = slots.ticket(slot)?.interests.length ?? shared;
    return waiting + interestPoints(shared, ticket.interests.length, count);
  }
}

function circleNumber(sharesInterest: boolean, opinions: number): number {
  if ((opinions & SHARES_LANGUAGE) === 0) return ANYONE;
  if (sharesInterest) return INTEREST;
  return (opinions & NEAR) !== 0 ? NEARBY : LANGUAGE;
}
