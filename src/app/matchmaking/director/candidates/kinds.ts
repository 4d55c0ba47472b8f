import type { Ticket } from '../../../../domain/pairing';

export type KindOf = Pick<Ticket, 'country' | 'languages' | 'avoidCountries'>;

/** Tickets with the same country, the same countries to avoid and, where these count, the same languages. */
export interface Kind extends KindOf {
  readonly id: number;
  readonly key: string;
  tickets: number;
}

/** The same as numbers, which are compared without fetching texts from all over the heap. */
export interface KindCodes {
  /** NO_CODE when unknown. */
  readonly country: number;
  readonly languageCount: number;
  /** The first two languages. */
  readonly language: number;
  readonly otherLanguage: number;
  /** A bit for each country avoided; several countries have the same one. */
  readonly avoidBits: number;
  /** The countries avoided. */
  readonly avoided: readonly number[];
  /** False when something has no code or there are more than two languages: then only the texts decide. */
  readonly complete: boolean;
}

/** For a text too long or too strange for a code, and in place of none. */
export const NO_CODE = -1;

/** A number for a text of up to four ASCII characters, as country and language codes are: one for each text. */
export function codeOf(text: string): number {
  if (text.length === 0 || text.length > 4) return NO_CODE;
  let code = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === 0 || character > 127) return NO_CODE;
    code = code * 128 + character;
  }
  return code;
}

const NONE_AVOIDED: readonly number[] = [];
const avoidBit = (country: number): number => 1 << (country % 31);

export function codesOf(of: KindOf): KindCodes {
  const [first, second] = of.languages;
  const country = of.country === null ? NO_CODE : codeOf(of.country);
  const language = first === undefined ? NO_CODE : codeOf(first);
  const otherLanguage = second === undefined ? NO_CODE : codeOf(second);
  const avoided = of.avoidCountries.length === 0 ? NONE_AVOIDED : of.avoidCountries.map(codeOf);
  let avoidBits = 0;
  for (const code of avoided) avoidBits |= avoidBit(code);
  const complete =
    of.languages.length <= 2 &&
    (of.country === null || country !== NO_CODE) &&
    (first === undefined || language !== NO_CODE) &&
    (second === undefined || otherLanguage !== NO_CODE);
  return {
    country,
    languageCount: of.languages.length,
    language,
    otherLanguage,
    avoidBits,
    avoided,
    complete,
  };
}

/** Where the codes of a kind are in its row. */
const [COUNTRY, LANGUAGE_COUNT, LANGUAGE, OTHER_LANGUAGE, AVOID_BITS, COMPLETE, WIDTH] = [
  0, 1, 2, 3, 4, 5, 8,
];

/**
 * The kinds of waiting tickets. A list of the index holds tickets of one kind, so one look decides for all of them
 * whether their country is avoided and, where languages count, whether one is shared. Kinds without tickets are
 * forgotten.
 */
export class Kinds {
  private readonly byKey = new Map<string, Kind>();
  private readonly kinds: (Kind | undefined)[] = [];
  private readonly free: number[] = [];
  private codes = new Int32Array(64 * WIDTH);

  /** The kind of a ticket that begins to wait. */
  hold(ticket: KindOf): number {
    const key = keyOf(ticket);
    let kind = this.byKey.get(key);
    if (kind === undefined) {
      const { country, languages, avoidCountries } = ticket;
      const id = this.free.pop() ?? this.kinds.length;
      kind = { id, key, tickets: 0, country, languages, avoidCountries };
      this.kinds[kind.id] = kind;
      this.byKey.set(key, kind);
      this.writeCodes(id, codesOf(ticket));
    }
    kind.tickets++;
    return kind.id;
  }

  /** A ticket of this kind waits no longer. */
  release(id: number): void {
    const kind = this.kinds[id];
    if (kind === undefined || --kind.tickets > 0) return;
    this.byKey.delete(kind.key);
    this.kinds[id] = undefined;
    this.free.push(id);
  }

  get(id: number): Kind | undefined {
    return this.kinds[id];
  }

  country(id: number): number {
    return this.codes[id * WIDTH + COUNTRY] ?? NO_CODE;
  }

  /** Whether this kind may avoid a country: `false` is certain. */
  mayAvoid(id: number, country: number): boolean {
    return country !== NO_CODE && ((this.codes[id * WIDTH + AVOID_BITS] ?? 0) & avoidBit(country)) !== 0;
  }

  isComplete(id: number): boolean {
    return this.codes[id * WIDTH + COMPLETE] === 1;
  }

  /** Whether a language is shared, where the codes of both are complete. */
  sharesLanguage(id: number, { languageCount, language, otherLanguage }: KindCodes): boolean {
    const at = id * WIDTH;
    if (languageCount === 0 || this.codes[at + LANGUAGE_COUNT] === 0) return true;
    const [one, other] = [this.codes[at + LANGUAGE], this.codes[at + OTHER_LANGUAGE]];
    if (language === one || language === other) return true;
    return otherLanguage !== NO_CODE && (otherLanguage === one || otherLanguage === other);
  }

  get size(): number {
    return this.byKey.size;
  }

  private writeCodes(id: number, codes: KindCodes): void {
    const at = id * WIDTH;
    if (at >= this.codes.length) {
      const wider = new Int32Array(Math.ceil((id + 1) * 1.5) * WIDTH);
      wider.set(this.codes);
      this.codes = wider;
    }
    this.codes[at + COUNTRY] = codes.country;
    this.codes[at + LANGUAGE_COUNT] = codes.languageCount;
    this.codes[at + LANGUAGE] = codes.language;
    this.codes[at + OTHER_LANGUAGE] = codes.otherLanguage;
    this.codes[at + AVOID_BITS] = codes.avoidBits;
    this.codes[at + COMPLETE] = codes.complete ? 1 : 0;
  }
}

const inOneOrder = (list: readonly string[]): string =>
  list.length < 2 ? (list[0] ?? '') : [...list].sort().join();

const keyOf = ({ country, languages, avoidCountries }: KindOf): string =>
  `${country ?? ''}|${inOneOrder(languages)}|${inOneOrder(avoidCountries)}`;
