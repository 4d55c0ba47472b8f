/**
 * Short texts as phones and languages write them: names and interests. Keyboards write curly apostrophes, several hyphens
 * and joiners, and copied texts carry signs that nobody sees. What is meant is kept, what shows nothing goes.
 */

/**
 * One emoji, with everything that belongs to it: skin tones, joined figures, flags, key caps. Only three flags are made of
 * invisible tags, and no emoji joins more than four figures.
 */
const EMOJI =
  '\\p{RI}\\p{RI}|[0-9#*]\\uFE0F?\\u20E3|\\u{1F3F4}\\u{E0067}\\u{E0062}' +
  '(?:\\u{E0065}\\u{E006E}\\u{E0067}|\\u{E0073}\\u{E0063}\\u{E0074}|\\u{E0077}\\u{E006C}\\u{E0073})\\u{E007F}|' +
  '\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier})?' +
  '(?:\\u200D\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier})?){0,3}';
const EMOJI_OR_INVISIBLE = new RegExp(
  `(${EMOJI})|[\\p{Default_Ignorable_Code_Point}\\p{Bidi_Control}\\uFFF9-\\uFFFB\\u{13430}-\\u{1343F}]`,
  'gu',
);

/** Signs that are drawn empty although they count as letters or symbols: braille, hieroglyphs, Khitan, notes. */
const BLANK = /[\s\u2800\u{13441}\u{13442}\u{16FE4}\u{1D159}]+/gu;
const APOSTROPHES = /[\u0060\u00B4\u2032\u2035]/gu;
const HYPHENS = /[\u2010\u2011\u2212\u2043\uFE63\uFF0D]/gu;

const ZWNJ = '\u200C';
const ZWJ = '\u200D';
const JOINERS_IN_A_ROW = /([\u200C\u200D])[\u200C\u200D]+/gu;
/** Scripts in which a joiner or non-joiner between two letters changes how a word is written. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{M}]/u;
/** After these a joiner may also be the last sign: the final consonants of older Malayalam texts are written so. */
const VIRAMA = /[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA]/u;

const lastOf = (text: string): string => [...text.slice(-2)].at(-1) ?? '';
const firstOf = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 0x20);

/** Whether the joiner between these two parts of a word has a meaning there. */
function isMeant(joiner: string, before: string, after: string): boolean {
  const previous = lastOf(before);
  if (joiner === ZWJ && VIRAMA.test(previous)) return true;
  return JOINING.test(previous) && JOINING.test(firstOf(after));
}

function withoutInvisible(text: string): string {
  return text.replace(EMOJI_OR_INVISIBLE, (sign: string, emoji: string | undefined, at: number) => {
    if (emoji !== undefined) return sign;
    const isJoiner = sign === ZWNJ || sign === ZWJ;
    return isJoiner && isMeant(sign, text.slice(0, at), text.slice(at + 1)) ? sign : '';
  });
}

/** Once more until nothing changes: what goes may leave signs beside each other that belong together. */
function untilStable(text: string, change: (text: string) => string): string {
  let now = text;
  for (let round = 0; round < 8; round += 1) {
    const next = change(now);
    if (next === now) return now;
    now = next;
  }
  return now;
}

/**
 * The text as it is kept and shown: composed (NFKC, so that full-width letters are letters), one space between words,
 * one kind of hyphen, and nothing invisible but the joiners that a script needs. Cleaning twice changes nothing.
 */
export const cleanText = (text: string): string =>
  untilStable(text, (now) =>
    withoutInvisible(
      now
        .replace(APOSTROPHES, "'")
        .normalize('NFKC')
        .replace(HYPHENS, '-')
        .replace(BLANK, ' ')
        .replace(JOINERS_IN_A_ROW, '$1'),
    ).trim(),
  );

const UPRIGHT = /[\u2018\u2019\u201B\u02BC\u02B9\u055A\uFF07]/gu;
const DASHES = /[\u2012-\u2015\u30A0]/gu;
/** Joiners, variation selectors, the Arabic stretching sign and Arabic vowel signs, which many leave out. */
const UNCOMPARED = /[\u200C\u200D\uFE0E\uFE0F\u0640\u064B-\u0652]/gu;

/**
 * What two texts are compared by. Equal for everything that differs only in how it was typed: case, kind of apostrophe
 * or hyphen, joiners, and the letters that Persian and Arabic keyboards have different codes for.
 */
export function comparisonKey(text: string): string {
  const plain = cleanText(text)
    .replace(UPRIGHT, "'")
    .replace(DASHES, '-')
    .replace(UNCOMPARED, '')
    .replace(/[\u064A\u0649]/gu, '\u06CC')
    .replace(/\u0643/gu, '\u06A9');
  return untilStable(plain, (now) =>
    now
      .toUpperCase()
      .toLowerCase()
      .replace(/i\u0307/gu, 'i')
      .normalize('NFKC'),
  );
}

/** What a reader counts as signs: an emoji with all its parts, or a letter with its accents, is one. */
export function graphemeCount(text: string): number {
  // Older browsers do not have it. The server has, and decides.
  if (typeof Intl.Segmenter !== 'function') return [...text.replace(/[\p{M}\u200C\u200D]/gu, '')].length;
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].length;
}

/** A family of four, each with a skin tone, has eleven code points; the longest syllables of Indic scripts have ten. */
const POINTS_OF_SIGN = 12;
/** Code points for each sign that is allowed, over the whole text, an emoji being one. Hardly any script needs more than two. */
const POINTS_OF_ALL = 4;

/**
 * Whether a text has no more than so many signs. One sign can hold any number of letters (old Hangul, conjuncts of
 * Devanagari), so that its code points are limited as well.
 */
export function fitsSigns(text: string, most: number): boolean {
  if ([...withoutEmoji(text)].length > POINTS_OF_ALL * most || graphemeCount(text) > most) return false;
  if (typeof Intl.Segmenter !== 'function') return true;
  const signs = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
  return [...signs].every(({ segment }) => [...segment].length <= POINTS_OF_SIGN);
}

/** Scripts whose own letters carry more than three marks. */
const PILING =
  '[\\p{Script=Tibetan}\\p{Script=Myanmar}\\p{Script=Khmer}\\p{Script=Balinese}\\p{Script=Javanese}' +
  '\\p{Script=Tai_Tham}\\p{Script=Sinhala}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}' +
  '\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}]';
/** Four marks on a letter of any other script, or four of other scripts on any letter. */
const FOREIGN_PILE = new RegExp(`(?!${PILING})\\P{M}\\p{M}{4}|(?:(?!${PILING})\\p{M}){4}`, 'u');

/**
 * Whether marks are piled up until they cover the lines around them. Vietnamese, Hebrew and phonetic writing have up
 * to three over one letter, Burmese and Tibetan up to six of their own.
 */
function hasPiledMarks(text: string): boolean {
  // A joiner between two marks does not move them apart.
  const plain = withoutEmoji(text).replace(/[\u200C\u200D]/gu, '');
  return /(\p{M})\1\1|\p{M}{7}|\p{Me}/u.test(plain) || FOREIGN_PILE.test(plain);
}

/** A mark without a letter before it is drawn on a dotted circle, or on whatever stands before the text. */
const hasLooseMark = (text: string): boolean => /(?:^| )\p{M}/u.test(text);

const ANY_EMOJI = new RegExp(EMOJI, 'gu');
/** Emoji are taken for a letter each, so that their parts are not taken for marks. */
const withoutEmoji = (text: string): string => text.replace(ANY_EMOJI, 'x');

/** Unassigned signs are let through only among the emoji, so that a new emoji works before the server knows it. */
const hasForbiddenSign = (text: string): boolean =>
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\uFFFC\uFFFD]/u.test(withoutEmoji(text));

/** Letters, marks and digits of every script, emoji, and the signs that names have in some language. */
const NAME = new RegExp(`^(?:[\\p{L}\\p{M}\\p{N}\\u200C\\u200D _.,&'‘’‛·・׳״՚־゠–—-]|${EMOJI})+$`, 'u');
/** What names a person. Modifier letters alone look like apostrophes and dashes. */
const NAMING = new RegExp(`[\\p{Lu}\\p{Ll}\\p{Lt}\\p{Lo}\\p{N}]|${EMOJI}`, 'u');

/** Whether everybody can read a clean text: something is to be seen, and nothing covers what stands beside it. */
export const isReadable = (text: string): boolean =>
  /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) &&
  !hasForbiddenSign(text) &&
  !hasPiledMarks(text) &&
  !hasLooseMark(text);

/** Whether a clean text is a name. */
export const isName = (text: string): boolean => NAME.test(text) && NAMING.test(text) && isReadable(text);
