import type { KeyOf, Message, Messages, ValuesOf } from './catalogue';

type Values = Readonly<Record<string, string | number>>;

/** Formats for one language: messages of the catalogue `M`, and numbers, times and names through Intl. */
export interface WordsOf<M> {
  readonly language: string;
  readonly dir: 'ltr' | 'rtl';
  say<K extends KeyOf<M>>(key: K, ...values: ValuesOf<M, K>): string;
  /** The same for a key that is put together at run time, whose placeholders the compiler cannot know. */
  fill(key: KeyOf<M>, values: Values): string;
  has(key: string): key is KeyOf<M>;
  /** The message split at its placeholders, for messages that contain a link or a button. */
  pieces(key: KeyOf<M>): readonly { readonly text?: string; readonly placeholder?: string }[];
  number(value: number): string;
  /** "film photography or slow cooking" */
  list(items: readonly string[], kind: 'and' | 'or'): string;
  /** "8 s", or minutes, hours or days where the smaller unit would say too much. */
  time(ms: number): string;
  /** The time of day of a message. */
  timeOfDay(at: number): string;
  /** A duration in words, for screen readers: "4 minutes, 12 seconds". */
  length(ms: number): string;
  /** A duration to the minute: "3 h 12 min". */
  span(ms: number): string;
  /** The date of a timestamp in the user's time zone: "12 March 2027". */
  date(at: number): string;
  /** Date and time of a timestamp: "12 March, 21:40". */
  moment(at: number): string;
  /** A date without a time, such as a birthday, from `YYYY-MM-DD`. */
  day(date: string): string;
  /** An amount in the smallest unit of its currency, as prices are written: "€7.99". */
  price(amount: number, currency: string): string;
  readonly languageName: (code: string) => string;
  readonly countryName: (code: string) => string;
}

const PLACEHOLDER = /\{(\w+)\}/g;

const formOf = (line: Message, count: unknown, rules: Intl.PluralRules): string =>
  typeof line === 'string' ? line : (line[rules.select(Number(count))] ?? line.other);

function piecesOf(line: string): { text?: string; placeholder?: string }[] {
  return line
    .split(/(\{\w+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^\{\w+\}$/.test(piece) ? { placeholder: piece.slice(1, -1) } : { text: piece }));
}

/** The name for a code, or the code itself where the browser has no name for it. */
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

/** The unit in which a duration is shown, and the count of that unit. */
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

/**
 * `catalogue` is the English catalogue `M` or a translation of it. `locale` is the regional variant of the language
 * that dates, times and amounts are written in, such as `en-GB`, where the browser names one.
 */
export function makeWords<M extends Messages>(
  language: string,
  dir: 'ltr' | 'rtl',
  catalogue: Messages,
  locale: string = language,
): WordsOf<M> {
  const rules = new Intl.PluralRules(locale);
  const figures = new Intl.NumberFormat(locale);
  const { clock, date, day, moment } = calendarOf(locale);
  const languageName = namer(locale, 'language');
  const textOf = (key: string, count: unknown): string => formOf(catalogue[key] ?? key, count, rules);
  const fill = (key: string, values: Values): string =>
    textOf(key, values.count).replace(PLACEHOLDER, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === 'number' ? figures.format(value) : value;
    });
  return {
    language,
    dir,
    say: (key, ...values) => fill(key, values[0] ?? {}),
    fill,
    has: (key): key is KeyOf<M> => Object.hasOwn(catalogue, key),
    pieces: (key) => piecesOf(textOf(key, 1)),
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
