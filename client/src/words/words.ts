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
  /** "8 s", or minutes, hours or days where the smaller unit would say too much. */
  time(ms: number): string;
  /** The time of day of a message. */
  timeOfDay(at: number): string;
  /** A length for people who listen: "4 minutes, 12 seconds". */
  length(ms: number): string;
  /** A length that is not counting just now, to the minute: "3 h 12 min". */
  span(ms: number): string;
  /** The day of a moment, where the person is: "12 March 2027". */
  date(at: number): string;
  /** Day and time of day of a moment: "12 March, 21:40". */
  moment(at: number): string;
  /** A day that has no time, such as a birthday, from `YYYY-MM-DD`. */
  day(date: string): string;
  /** An amount in the smallest unit of its currency, as prices are written: "€7.99". */
  price(amount: number, currency: string): string;
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
  const part = (value: number, unit: 'hour' | 'minute' | 'second'): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const parts = [
    ...(hours > 0 ? [part(hours, 'hour')] : []),
    ...(minutes > 0 ? [part(minutes, 'minute')] : []),
    part(seconds % 60, 'second'),
  ];
  return new Intl.ListFormat(language, { type: 'unit' }).format(parts);
}

/** Amounts come in the smallest unit, which is a hundredth for most currencies but not for all. */
function priceOf(amount: number, currency: string, language: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency: currency.toUpperCase() });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** The unit in which a time is said, and how many of them it takes. */
function timeOf(ms: number): {
  key: 'time.seconds' | 'time.minutes' | 'time.hours' | 'time.days';
  count: number;
} {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 90) return { key: 'time.seconds', count: seconds };
  if (seconds < 90 * 60) return { key: 'time.minutes', count: Math.round(seconds / 60) };
  if (seconds < 36 * 3600) return { key: 'time.hours', count: Math.round(seconds / 3600) };
  return { key: 'time.days', count: Math.round(seconds / 86_400) };
}

function calendarOf(locale: string): Record<'clock' | 'date' | 'day' | 'moment', Intl.DateTimeFormat> {
  const time = { hour: 'numeric', minute: '2-digit' } as const;
  const whole = { day: 'numeric', month: 'long', year: 'numeric' } as const;
  return {
    clock: new Intl.DateTimeFormat(locale, time),
    date: new Intl.DateTimeFormat(locale, whole),
    day: new Intl.DateTimeFormat(locale, { ...whole, timeZone: 'UTC' }),
    moment: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', ...time }),
  };
}

/** `locale`: the kind of the language whose days, times and amounts are written, where a person has one. */
export function makeWords(
  language: string,
  dir: 'ltr' | 'rtl',
  catalogue: Catalogue,
  locale: string = language,
): Words {
  const rules = new Intl.PluralRules(locale);
  const figures = new Intl.NumberFormat(locale);
  const { clock, date, day, moment } = calendarOf(locale);
  const languageName = namer(locale, 'language');
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
      new Intl.ListFormat(locale, { type: kind === 'or' ? 'disjunction' : 'conjunction' }).format(items),
    time: (ms) => {
      const { key, count } = timeOf(ms);
      return fill(key, { count });
    },
    timeOfDay: (at) => clock.format(at),
    length: (ms) => lengthOf(ms, locale),
    span: (ms) => {
      const minutes = Math.floor(Math.max(0, ms) / 60_000);
      const hours = Math.floor(minutes / 60);
      const rest = hours > 0 && minutes % 60 === 0 ? [] : [fill('time.minutes', { count: minutes % 60 })];
      return [...(hours > 0 ? [fill('time.hours', { count: hours })] : []), ...rest].join(' ');
    },
    date: (at) => date.format(at),
    moment: (at) => moment.format(at),
    day: (text) => day.format(new Date(`${text}T00:00:00Z`)),
    price: (amount, currency) => priceOf(amount, currency, locale),
    languageName: (code) => capital(languageName(code), locale),
    countryName: namer(locale, 'region'),
  };
}
