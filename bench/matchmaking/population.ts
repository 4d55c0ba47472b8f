import { randomUUID } from 'node:crypto';
import type { Ticket } from '../../src/domain/pairing';
import { AGE_BANDS, wishesSchema, type Gender } from '../../src/protocol';

export const ADULTS = AGE_BANDS.filter((band) => band !== '13-17');
export const COUNTRIES = Array.from({ length: 120 }, (_, index) => code(index).toUpperCase());
export const LANGUAGES = Array.from({ length: 40 }, (_, index) => code(index + 300));
export const TAGS = Array.from({ length: 5_000 }, (_, index) => `interest number ${index}`);

function code(index: number): string {
  return String.fromCharCode(97 + (Math.floor(index / 26) % 26), 97 + (index % 26));
}

export const parsedWishes = wishesSchema.omit({ mode: true, blurFirst: true });

/**
 * Peers that are alike: all want video, none is a minor, and the caller gives their genders and wishes, so that it is
 * known beforehand who may meet whom. See `MixedPopulation` for a realistic mix.
 */
export class AlikePopulation {
  /** People of whom others have heard: in one process such an id is one text, whoever keeps it. */
  private readonly known = Array.from({ length: 100_000 }, () => randomUUID());

  constructor(private readonly random: () => number) {}

  /** A ticket whose wishes went the way they go from the wire. */
  ticket(since: number, gender: Gender | null, wantedGenders: readonly Gender[]): Ticket {
    const country = this.skewed(COUNTRIES.length);
    const wishes = {
      interests: this.some(this.below(6), () => TAGS[this.skewed(TAGS.length)] ?? ''),
      languages: this.some(
        this.below(3),
        (index) => LANGUAGES[(country + index * 7) % LANGUAGES.length] ?? '',
      ),
      gender,
      wantedGenders,
      ageBand: this.random() < 0.1 ? null : (ADULTS[this.skewed(ADULTS.length)] ?? null),
      wantedAgeBands: this.random() < 0.7 ? [] : this.some(2, () => ADULTS[this.below(4)] ?? '18-24'),
      country: this.random() < 0.1 ? null : (COUNTRIES[country] ?? null),
      avoidCountries: this.random() < 0.9 ? [] : this.some(2, () => COUNTRIES[this.skewed(20)] ?? ''),
    };
    return {
      id: randomUUID(),
      peerId: randomUUID(),
      since,
      mode: 'video',
      region: 'local',
      trustPool: 'standard',
      priority: this.random() < 0.05 ? 1 : 0,
      // New strings and arrays, as parsing a message makes them.
      ...parsedWishes.parse(JSON.parse(JSON.stringify(wishes))),
      blocked: this.random() < 0.8 ? [] : this.some(3, () => this.someone()),
      recent: this.some(this.below(6), (index) => index).map((index) => ({
        peerId: this.someone(),
        at: since - index * 60_000,
      })),
    };
  }

  private someone(): string {
    return this.known[this.below(this.known.length)] ?? '';
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  /** Few values often, many seldom. */
  private skewed(limit: number): number {
    return Math.floor(limit * this.random() ** 3);
  }

  private some<T>(count: number, make: (index: number) => T): T[] {
    return [...new Set(Array.from({ length: count }, (_, index) => make(index)))];
  }
}
