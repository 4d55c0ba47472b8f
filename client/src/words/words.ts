import type { Catalogue, Key, Line, ValuesOf } from './catalogue';

type Values = Readonly<Record<string, string | number>>;

/** Speaks one language: lines from the catalogue, and numbers, times and names through Intl. */
export interface Words {
  readonly language: string;
  readonly dir: 'ltr' | 'rtl';
  say<K extends Key>(key: K, ...values: ValuesOf<K>): string;
  /** The same for a key put together at run time, whose placeholders the compiler cannot know. */
  fill(key: Key, values: Values): string;
  has(key: string): key is Key;
  /** The line cut at its placeholders, for lines that hold a link or a button. */
  pieces(key: Key): readonly { readonly text?: string; readonly placeholder?: string }[];
  number(value: number): string;
  /** "film photography or slow cooking" */
  list(items: readonly string[], kind: 'and' | 'or'): string;
  /** "8 s", or minutes where seconds would say too much. */
  time(ms: number): string;
  /** The time of day of a message. */
  timeOfDay(at: number): string;
  /** A length for people who listen: "4 minutes, 12 seconds". */
  length(ms: number): string;
  languageName(code: string): string;
  countryName(code: string): string;
}

const PLACEHOLDER = /\{(\w+)\}/g;

const formOf = (line: Line, count: unknown, rules: Intl.PluralRules): string =>
  typeof line === 'string' ? line : (line[rules.select(Number(count))] ?? line.other);

function piecesOf(line: string): { text?: string; placeholder?: string }[] {
  return line
    .split(/(\{\w+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^\{\w+\}$/.test(piece) ? { placeholder: piece.slice(1, -1) } : { text: piece }));
}

/** A name for a code, or the code itself where the browser's data has none. */
function namer(language: string, type: 'language' | 'region'): (code: string) => string {
  const names = new Intl.DisplayNames([language], { type, fallback: 'code' });
  return (code) => names.of(code) ?? code;
}

const capital = (text: string, language: string): string =>
  text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

function lengthOf(ms: number, language: string): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const part = (value: number, unit: 'minute' | 'second'): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  const minutes = Math.floor(seconds / 60);
  const parts = [...(minutes > 0 ? [part(minutes, 'minute')] : []), part(seconds % 60, 'second')];
  return new Intl.ListFormat(language, { type: 'unit' }).format(parts);
}

export function makeWords(language: string, dir: 'ltr' | 'rtl', catalogue: Catalogue): Words {
  const rules = new Intl.PluralRules(language);
  const figures = new Intl.NumberFormat(language);
  const clock = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' });
  const languageName = namer(language, 'language');
  const fill = (key: Key, values: Values): string =>
    formOf(catalogue[key], values.count, rules).replace(PLACEHOLDER, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === 'number' ? figures.format(value) : value;
    });
  return {
    language,
    dir,
    say: (key, ...values) => fill(key, (values[0] ?? {}) as Values),
    fill,
    has: (key): key is Key => Object.hasOwn(catalogue, key),
    pieces: (key) => piecesOf(formOf(catalogue[key], 1, rules)),
    number: (value) => figures.format(value),
    list: (items, kind) =>
      new Intl.ListFormat(language, { type: kind === 'or' ? 'disjunction' : 'conjunction' }).format(items),
    time: (ms) => {
      const seconds = Math.max(0, Math.ceil(ms / 1000));
      return seconds < 90
        ? fill('time.seconds', { count: seconds })
        : fill('time.minutes', { count: Math.round(seconds / 60) });
    },
    timeOfDay: (at) => clock.format(at),
    length: (ms) => lengthOf(ms, language),
    languageName: (code) => capital(languageName(code), language),
    countryName: namer(language, 'region'),
  };
}
