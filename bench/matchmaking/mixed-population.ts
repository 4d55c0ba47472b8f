import { randomUUID } from 'node:crypto';
import type { Ticket } from '../../src/domain/pairing';
import type { AgeBand, Gender, Mode } from '../../src/protocol';
import { ADULTS, COUNTRIES, LANGUAGES, TAGS, parsedWishes } from './population';

/** A value and how often it comes among the others of its list. */
type Shares<T> = readonly (readonly [T, number])[];

const MODES: Shares<Mode> = [
  ['video', 0.7],
  ['text', 0.2],
  ['audio', 0.1],
];
/** More men than women come to such sites, and some do not say what they are. */
const GENDERS: Shares<Gender | null> = [
  ['male', 0.62],
  ['female', 0.22],
  ['other', 0.03],
  [null, 0.13],
];
type Wanted = Shares<readonly Gender[]>;
const WANTED: Readonly<Record<Gender | 'unsaid', Wanted>> = {
  male: [
    [[], 0.45],
    [['female'], 0.47],
    [['male'], 0.06],
    [['female', 'other'], 0.02],
  ],
  female: [
    [[], 0.68],
    [['female'], 0.18],
    [['male'], 0.1],
    [['female', 'other'], 0.04],
  ],
  other: [
    [[], 0.7],
    [['other'], 0.2],
    [['female', 'other'], 0.1],
  ],
  unsaid: [
    [[], 0.8],
    [['female'], 0.2],
  ],
};
const AGES: Shares<AgeBand | null> = [
  ['18-24', 0.46],
  ['25-34', 0.26],
  ['35-49', 0.12],
  ['50+', 0.04],
  [null, 0.12],
];
/** How many interests a person names. */
const INTERESTS: Shares<number> = [
  [0, 0.35],
  [1, 0.18],
  [2, 0.15],
  [3, 0.14],
  [5, 0.12],
  [10, 0.06],
];
const EXTRA_LANGUAGES: Shares<number> = [
  [0, 0.6],
  [1, 0.32],
  [2, 0.08],
];
/** How steeply the popularity of a value falls from one rank to the next (Zipf's law). */
const TAIL = { interests: 1.05, countries: 1.1 };
/** Blocks that a person has made: most have made none, a few very many. */
const BLOCKS: Shares<number> = [
  [0, 0.82],
  [1, 0.1],
  [4, 0.05],
  [20, 0.025],
  [100, 0.005],
];
const RECENT: Shares<number> = [
  [0, 0.3],
  [1, 0.2],
  [3, 0.2],
  [5, 0.3],
];
/** The language nearly everybody may name, whatever their country's. */
const COMMON_LANGUAGE = LANGUAGES[0] ?? '';

/** Ranks from 0 by Zipf's law: the first ones often, and a long tail that is seldom. */
class Ranks {
  private readonly sums: Float64Array;

  constructor(
    count: number,
    steepness: number,
    private readonly random: () => number,
  ) {
    this.sums = new Float64Array(count);
    let sum = 0;
    for (let rank = 0; rank < count; rank += 1) {
      sum += 1 / (rank + 1) ** steepness;
      this.sums[rank] = sum;
    }
  }

  draw(): number {
    const wanted = this.random() * (this.sums[this.sums.length - 1] ?? 0);
    let [low, high] = [0, this.sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * People as they are: modes, genders and whom they want, ages, countries and their languages, interests with a long
 * tail, countries they avoid, and blocks, most of which name somebody who is not here now. The shares are assumptions,
 * not measurements; the bench prints what they come to.
 */
export class MixedPopulation {
  private readonly tags: Ranks;
  private readonly countries: Ranks;
  /** People of whom others have heard; some of them are here now. */
  private readonly known: string[] = Array.from({ length: 50_000 }, () => randomUUID());

  constructor(private readonly random: () => number) {
    this.tags = new Ranks(TAGS.length, TAIL.interests, random);
    this.countries = new Ranks(COUNTRIES.length, TAIL.countries, random);
  }

  /** A ticket whose wishes went the way they go from the wire. */
  ticket(since: number): Ticket {
    const gender = this.of(GENDERS);
    const country = this.countries.draw();
    const ageBand = this.of(AGES);
    const wishes = {
      interests: this.several(this.of(INTERESTS), () => TAGS[this.tags.draw()] ?? ''),
      languages: this.languages(country),
      gender,
      wantedGenders: this.of(WANTED[gender ?? 'unsaid']),
      ageBand,
      wantedAgeBands: this.random() < 0.8 ? [] : this.ages(ageBand),
      country: this.random() < 0.08 ? null : (COUNTRIES[country] ?? null),
      avoidCountries:
        this.random() < 0.93 ? [] : this.several(3, () => COUNTRIES[this.countries.draw()] ?? ''),
    };
    const peerId = randomUUID();
    const others = {
      blocked: this.several(this.of(BLOCKS), () => this.someone()),
      recent: this.several(this.of(RECENT), () => this.someone()),
    };
    // Who comes is known to some of those who come later.
    this.known[this.below(this.known.length)] = peerId;
    return {
      id: randomUUID(),
      peerId,
      since,
      mode: this.of(MODES),
      region: 'local',
      trustPool: this.random() < 0.03 ? 'low' : 'standard',
      priority: this.random() < 0.05 ? 1 : 0,
      // New strings and arrays, as parsing a message makes them.
      ...parsedWishes.parse(JSON.parse(JSON.stringify(wishes))),
      blocked: others.blocked,
      recent: others.recent.map((met, index) => ({ peerId: met, at: since - (index + 1) * 120_000 })),
    };
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  /** The country's own language, and for some the common one or another. */
  private languages(country: number): string[] {
    if (this.random() < 0.15) return [];
    const own = LANGUAGES[country % LANGUAGES.length] ?? '';
    const more = this.several(this.of(EXTRA_LANGUAGES), (index) =>
      index === 0 ? COMMON_LANGUAGE : (LANGUAGES[this.below(LANGUAGES.length)] ?? ''),
    );
    return [...new Set([own, ...more])];
  }

  /** One's own age and a neighbouring one; any two neighbours where one does not say one's own. */
  private ages(own: AgeBand | null): AgeBand[] {
    const at = ADULTS.findIndex((band) => band === own);
    const first = Math.max(0, (at < 0 ? this.below(ADULTS.length) : at) - this.below(2));
    return ADULTS.slice(first, first + 2);
  }

  private someone(): string {
    return this.known[this.below(this.known.length)] ?? '';
  }

  private of<T>(shares: Shares<T>): T {
    let left = this.random();
    for (const [value, share] of shares) {
      left -= share;
      if (left < 0) return value;
    }
    const [last] = shares[shares.length - 1] ?? [];
    // Rounding leaves a sliver beyond the last share.
    return last as T;
  }

  private several<T>(count: number, make: (index: number) => T): T[] {
    return [...new Set(Array.from({ length: count }, (_, index) => make(index)))];
  }
}
