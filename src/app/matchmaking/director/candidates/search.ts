import {
  areRecent,
  interestPoints,
  isBetter,
  waitPoints,
  type Choice,
  type Steps,
  type Ticket,
} from '../../../../domain/pairing';
import { CIRCLES, LIMITS } from '../../../../protocol';
import { Blocks } from './blocks';
import type { PairingClasses } from './classes';
import { classOfBranch, stepOfBranch, type Facets } from './facets';
import type { Interests } from './interests';
import type { Kinds } from './kinds';
import { NONE } from './table';
import { ALLOWED, Judge, NEAR, pointsIn, SHARES_LANGUAGE, type Seeker } from './seeker';
import { CLASS, INTEREST_COUNT, KIND, PRIORITY, SEEN_BY, STEP, type Slots } from './slots';

/** Up to this many waiting tickets, all are looked at, and the choice is exactly the best one. */
export const LOOK_AT_ALL = 64;
/** Among how many tickets the best one is chosen when more wait. */
interface Care {
  /** Tickets that share an interest, … */
  readonly interestLooks: number;
  /** … tickets from the same country, … */
  readonly countryLooks: number;
  /** … and tickets that have waited longest. */
  readonly longestLooks: number;
}
/** Each look is an access to memory, so when many come at once a good partner now is better than a better one late. */
const AT_LEISURE: Care = { interestLooks: 9, countryLooks: 4, longestLooks: 4 };
const IN_HASTE: Care = { interestLooks: 4, countryLooks: 2, longestLooks: 2 };
/** How many tickets of one list are looked at before other lists get their turn. */
const LOOKS_A_LIST = 4;
/**
 * Candidates that are rejected only for a minimum score that an operator has raised above what its circle guarantees.
 * After this many, a search before the last step gives up (the next step requires less, and the last one nothing).
 */
const SCORE_REJECTIONS = 2_000;

/** In place of a number of shared interests: both named none, which counts as sharing. */
const BOTH_NONE = -1;

/** Circles by number, narrowest first. */
const [INTEREST, NEARBY, LANGUAGE, ANYONE] = [0, 1, 2, 3];

export interface SearchParts {
  readonly slots: Slots;
  readonly classes: PairingClasses;
  readonly kinds: Kinds;
  /** Kinds without languages. */
  readonly places: Kinds;
  readonly interests: Interests;
  readonly facets: Facets;
  readonly steps: Steps;
}

interface Found extends Choice {
  readonly ticket: Ticket;
}

/** A candidate whom lists and numbers allow. Only the tickets themselves can still forbid the pair. */
interface Prospect extends Choice {
  readonly slot: number;
  readonly step: number;
}

/** How far a walk through a facet goes. */
interface Extent {
  readonly looks: number;
  readonly looksAList: number;
  /** Stops at the first partner found, and not before. */
  readonly untilFound: boolean;
}

/** What is known of all tickets in a facet. */
interface Facet {
  /** The narrowest circle for tickets in this facet that are not found in a facet of their own. */
  readonly narrowest: number;
  /** Whether its lists distinguish tickets by kind, or else by place. */
  readonly byKind: boolean;
}

const BY_INTEREST: Facet = { narrowest: INTEREST, byKind: true };
const BY_COUNTRY: Facet = { narrowest: NEARBY, byKind: true };
/** A language is shared, so only the circle remains to be checked. */
const BY_LANGUAGE: Facet = { narrowest: LANGUAGE, byKind: false };
const EVERYBODY: Facet = { narrowest: INTEREST, byKind: false };
/** Every circle is open. */
const ALL_OPEN: Facet = { narrowest: ANYONE, byKind: false };

interface Way extends Facet {
  readonly extent: Extent;
}

const way = (facet: Facet, extent: Extent): Way => ({ ...facet, extent });

const EVERYONE: Extent = { looks: Infinity, looksAList: Infinity, untilFound: false };
const UNTIL_FOUND: Extent = { looks: Infinity, looksAList: Infinity, untilFound: true };
const some = (looks: number): Extent => ({ looks, looksAList: LOOKS_A_LIST, untilFound: false });

/** The bounded ways through the facets at one degree of care. */
interface Ways {
  /** By the number of interests to go through. */
  readonly inInterests: readonly Way[];
  readonly inCountry: Way;
  readonly amongLongest: Way;
}

const waysOf = ({ interestLooks, countryLooks, longestLooks }: Care): Ways => ({
  inInterests: Array.from({ length: LIMITS.interests + 1 }, (_, count) =>
    way(BY_INTEREST, some(Math.ceil(interestLooks / Math.max(1, count)))),
  ),
  inCountry: way(BY_COUNTRY, some(countryLooks)),
  amongLongest: way(EVERYBODY, some(longestLooks)),
});

/** The ways through the facets, made once: there are tens of thousands of searches a second. */
const LEISURELY = waysOf(AT_LEISURE);
const HASTY = waysOf(IN_HASTE);
const AMONG_FEW = way(EVERYBODY, EVERYONE);
const ON_IN_INTEREST = way(BY_INTEREST, UNTIL_FOUND);
const ON_IN_COUNTRY = way(BY_COUNTRY, UNTIL_FOUND);
const ON_IN_LANGUAGE = way(BY_LANGUAGE, UNTIL_FOUND);
const ON_IN_ALL_OPEN = way(ALL_OPEN, UNTIL_FOUND);
const ANYBODY = way(EVERYBODY, UNTIL_FOUND);

/**
 * Looks for a partner among the waiting tickets.
 *
 * First it looks at a bounded number of the likeliest candidates, and the best of them wins. Only when none of them
 * will do, all tickets are searched until a partner is found, so that no ticket waits beside a permitted partner.
 * That search skips whole classes and kinds that the rules forbid. It looks one by one only at tickets that nothing
 * but a block, a recent encounter or a raised minimum score can still forbid.
 */
export class Search {
  private readonly judge: Judge;
  private readonly blocks = new Blocks();
  private readonly circles: readonly number[];
  private best: Found | null = null;
  private prospects: Prospect[] = [];
  /** Candidates whom only a recent encounter forbids. */
  private lastResorts: Found[] = [];
  private looks = 0;
  private scoreRejections = 0;
  /** Only checks whether the hard rules leave any candidate, whatever the step. */
  private hardRulesOnly = false;

  constructor(private readonly parts: SearchParts) {
    const { classes, kinds, places, steps, slots } = parts;
    this.judge = new Judge(classes, kinds, places, steps, () => slots.forgetSeen());
    this.circles = steps.map(({ circle }) => CIRCLES.indexOf(circle));
  }

  /** `inHaste`: many other searches wait, so fewer candidates are looked at before one is taken. */
  bestFor(ticket: Ticket, now: number, inHaste: boolean): Ticket | null {
    const seeker = this.begin(ticket, now, false);
    if (!this.parts.classes.anyWaitingFor(seeker.ownClass)) return null;
    this.lookForBest(seeker, inHaste ? HASTY : LEISURELY);
    if (this.best !== null || this.lastResorts.length === 0) return this.best?.ticket ?? null;
    return this.lastResort(seeker);
  }

  private begin(ticket: Ticket, now: number, hardRulesOnly: boolean): Seeker {
    this.best = null;
    this.prospects = [];
    this.lastResorts = [];
    this.scoreRejections = 0;
    this.hardRulesOnly = hardRulesOnly;
    return this.judge.seeker(ticket, this.parts.facets.interestNumbers(ticket), now);
  }

  private lookForBest(seeker: Seeker, ways: Ways): void {
    const { facets, slots } = this.parts;
    if (slots.size <= LOOK_AT_ALL) {
      this.walk(seeker, facets.all, AMONG_FEW);
      this.chooseBest(seeker);
      return;
    }
    const interests = facets.interestRootsOf(seeker.ticket);
    const inInterest = ways.inInterests[interests.length] ?? ON_IN_INTEREST;
    const country = facets.countryRootOf(seeker.ticket);
    const left = interests.filter((root) => !this.walk(seeker, root, inInterest));
    const countryLeft = country !== NONE && !this.walk(seeker, country, ways.inCountry);
    this.walk(seeker, facets.longest, ways.amongLongest);
    this.chooseBest(seeker);
    for (const root of left) this.searchOn(seeker, root, ON_IN_INTEREST);
    if (countryLeft) this.searchOn(seeker, country, ON_IN_COUNTRY);
    for (const root of facets.languageRootsOf(seeker.ticket)) this.searchOn(seeker, root, ON_IN_LANGUAGE);
    this.searchOn(seeker, facets.all, ON_IN_ALL_OPEN);
  }

  private searchOn(seeker: Seeker, root: number, through: Way): void {
    if (this.best === null) this.walk(seeker, root, through);
  }

  /** "Unless nobody else waits": the best recent partner, if neither of the two has another permitted partner. */
  private lastResort({ ticket, now }: Seeker): Ticket | null {
    const resorts = this.lastResorts.sort((a, b) => (isBetter(a, b) ? -1 : 1));
    if (this.hasAnyone(ticket, now)) return null;
    return resorts.find((resort) => !this.hasAnyone(resort.ticket, now))?.ticket ?? null;
  }

  /** Whether a ticket waits that the hard rules allow and that is not a recent partner's. */
  private hasAnyone(ticket: Ticket, now: number): boolean {
    const seeker = this.begin(ticket, now, true);
    this.walk(seeker, this.parts.facets.all, ANYBODY);
    return this.best !== null;
  }

  /** Goes through one facet. Answers whether all tickets in it that could be found were looked at. */
  private walk(seeker: Seeker, root: number, way: Way): boolean {
    const { forest } = this.parts.facets;
    this.looks = way.extent.looks;
    const count = forest.count(root);
    const begin = forest.beginOf(root);
    let complete = true;
    for (let step = 0; step < count; step++) {
      const index = begin + step < count ? begin + step : begin + step - count;
      if (this.isDone(way.extent)) {
        forest.beginWith(root, index);
        return false;
      }
      if (!this.walkBranch(seeker, root, index, way)) complete = false;
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
    const needed = widest < ANYONE && way.byKind ? ALLOWED | SHARES_LANGUAGE : ALLOWED;
    return this.walkLeaves(seeker, forest.childAt(root, at), needed, way);
  }

  private walkLeaves(seeker: Seeker, branch: number, needed: number, way: Way): boolean {
    const { forest } = this.parts.facets;
    const count = forest.count(branch);
    const begin = forest.beginOf(branch);
    let complete = true;
    for (let step = 0; step < count; step++) {
      const index = begin + step < count ? begin + step : begin + step - count;
      if (this.isDone(way.extent)) {
        forest.beginWith(branch, index);
        return false;
      }
      if ((this.leafOpinion(seeker, forest.childKey(branch, index), way) & needed) !== needed) continue;
      if (!this.walkLeaf(seeker, forest.childAt(branch, index), way.extent)) complete = false;
    }
    return complete;
  }

  private leafOpinion(seeker: Seeker, key: number, way: Way): number {
    if (key === NONE) return ALLOWED;
    return way.byKind ? this.judge.kindOpinion(seeker, key) : this.judge.placeOpinion(seeker, key);
  }

  /** The circle that is open in a step, beyond the last one too: where steps do not matter, all of them. */
  private widestCircle(step: number): number {
    const last = this.circles.length - 1;
    if (this.hardRulesOnly || step >= last) return ANYONE;
    return this.scoreRejections > SCORE_REJECTIONS ? NONE : (this.circles[step] ?? ANYONE);
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
      if (extent.untilFound) this.chooseBest(seeker);
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
        this.scoreRejections++;
        return;
      }
    }
    this.prospects.push({ slot, total, since, step: at });
  }

  /**
   * Takes the best of the found candidates whom their tickets allow, too. Tickets are read last and best first,
   * because they are scattered over the heap: the first one that is read is nearly always taken.
   */
  private chooseBest(seeker: Seeker): void {
    const prospects = this.prospects;
    this.prospects = [];
    while (this.best === null && prospects.length > 0) {
      let first = 0;
      prospects.forEach((prospect, index) => {
        const than = prospects[first];
        if (than !== undefined && isBetter(prospect, than)) first = index;
      });
      const [prospect] = prospects.splice(first, 1);
      if (prospect !== undefined) this.choose(seeker, prospect);
    }
  }

  private choose(seeker: Seeker, { slot, total, since, step }: Prospect): void {
    const ticket = this.parts.slots.ticket(slot);
    if (ticket === undefined || ticket.peerId === seeker.ticket.peerId) return;
    if (this.blocks.between(seeker.ticket, ticket)) return;
    const found: Found = { ticket, total, since };
    if (!areRecent(seeker.ticket, ticket, seeker.now)) this.best = found;
    else if (step === this.parts.steps.length - 1) this.lastResorts.push(found);
  }

  /** How many interests are shared, or `BOTH_NONE`. */
  private sharedWith({ ticket, interests }: Seeker, slot: number): number {
    if (this.parts.slots.get(slot, INTEREST_COUNT) > 0)
      return this.parts.interests.sharedWith(slot, interests);
    return ticket.interests.length === 0 ? BOTH_NONE : 0;
  }

  /** The points that are not the same for a whole class or kind. */
  private totalOf({ ticket, now, priority }: Seeker, slot: number, shared: number): number {
    const { slots } = this.parts;
    const longerWait = now - Math.min(ticket.since, slots.since(slot));
    const waiting = waitPoints(longerWait) + Math.max(priority, slots.get(slot, PRIORITY));
    if (shared === 0) return waiting;
    if (shared === BOTH_NONE) return waiting + interestPoints(0, 0, 0);
    return waiting + interestPoints(shared, ticket.interests.length, slots.get(slot, INTEREST_COUNT));
  }
}

function circleNumber(sharesInterest: boolean, opinions: number): number {
  if ((opinions & SHARES_LANGUAGE) === 0) return ANYONE;
  if (sharesInterest) return INTEREST;
  return (opinions & NEAR) !== 0 ? NEARBY : LANGUAGE;
}
