/// <reference lib="dom" />
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AGE_BANDS,
  CIRCLES,
  CLOSE,
  END_REASONS,
  ERASED,
  ERROR_CODES,
  GENDERS,
  MESSAGE_STATES,
  MODES,
  REPORT_TYPES,
  RESTRICTED,
} from '../../../src/protocol';
import { ROUTES } from '../../../client/src/chat/navigation/routes';
import { RETENTION_ROWS } from '../../../client/src/chat/pages/privacy/retention';
import type { Message } from '../../../client/src/ui/words/catalogue';
import { CATALOGUES as CHAT, type ChatMessages } from '../../../client/src/chat/words';
import { de } from '../../../client/src/chat/words/de';
import { en } from '../../../client/src/chat/words/en';
import { CATALOGUES as CONSOLE } from '../../../client/src/console/words';
import { de as consoleDe } from '../../../client/src/console/words/de';
import { en as consoleEn } from '../../../client/src/console/words/en';
import { en as sharedEn } from '../../../client/src/ui/words/en';
import { LANGUAGES, pickLanguage, pickLocale } from '../../../client/src/ui/words/languages';
import { makeWords } from '../../../client/src/ui/words/words';

type Lines = Readonly<Record<string, Message>>;

/** Each app's catalogue in each language, and the English one that it translates. */
const CATALOGUES: [string, string, Lines, Lines][] = [
  ['en', 'chat', en, en],
  ['de', 'chat', de, en],
  ['en', 'console', consoleEn, consoleEn],
  ['de', 'console', consoleDe, consoleEn],
];

const DEVICE_FAULTS = [
  ...['denied', 'in_use', 'missing', 'lost', 'no_answer', 'insecure', 'unsupported', 'unknown'],
];
const NOTICES = [
  ...['shutting_down', 'plan_minutes_low', 'search_expired', 'reported', 'blocked'],
  ...['signed_out'],
];

const formsOf = (line: Message | undefined): string[] =>
  line === undefined ? [] : typeof line === 'string' ? [line] : Object.values(line);

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe.each<[string, Lines]>([
  ['en', en],
  ['de', de],
])('C4 the words of the chat app in %s', (_tag, catalogue) => {
  it('C4 are there for every code, reason and fault', () => {
    const keys = [
      ...ERROR_CODES.map((code) => `error.${code}`),
      ...[...Object.keys(CLOSE).filter((name) => name !== 'goingAway'), 'unreachable'].flatMap((name) => [
        `close.${name}`,
        `close.${name}.more`,
      ]),
      ...DEVICE_FAULTS.flatMap((fault) => [
        `device.camera.${fault}`,
        `device.microphone.${fault}`,
        `device.how.${fault}.1`,
      ]),
      ...END_REASONS.map((reason) => `end.${reason}`),
      ...NOTICES.map((notice) => `notice.${notice}`),
      ...REPORT_TYPES.map((type) => `report.${type}`),
      ...CIRCLES.map((circle) => `circle.${circle}`),
      'error.disconnected',
      ...ERASED.map((what) => `erased.${what}`),
      ...RESTRICTED.flatMap((what) => [`kept.${what}`, `kept.${what}.more`]),
      ...Object.keys(ROUTES)
        .filter((route) => route !== 'home')
        .map((route) => `page.${route}`),
      ...RETENTION_ROWS.flatMap((row) => [row, `${row}.more`, `${row}.time`]),
    ];
    expect(keys.filter((key) => formsOf(catalogue[key]).length === 0)).toEqual([]);
  });
});

describe.each(CATALOGUES)('C4 the words in %s, %s', (tag, _app, catalogue, source) => {
  it('C4 have the same keys and placeholders as English', () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(source).sort());
    for (const [key, line] of Object.entries(source)) {
      const wanted = placeholders(typeof line === 'string' ? line : line.other);
      const other = catalogue[key] as Message;
      const got = placeholders(typeof other === 'string' ? other : other.other);
      expect([key, got]).toEqual([key, wanted]);
    }
  });

  it('C4 have every plural form that the language needs', () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const line of Object.values(catalogue)) {
      if (typeof line !== 'string') expect(Object.keys(line).sort()).toEqual([...categories].sort());
    }
  });

  it('C4 keep the voice: calm, plain, and no talk of users or partners', () => {
    const lines = Object.entries(catalogue).flatMap(([key, line]) =>
      formsOf(line).map((form) => `${key}: ${form}`),
    );
    const unkind =
      /!|\b(oops|users?|partners?|please|hoppla|nutzer\w*|benutzer\w*|partner\w*)\b|\p{Extended_Pictographic}/iu;
    expect(lines.filter((line) => unkind.test(line.slice(line.indexOf(':') + 1)))).toEqual([]);
    expect(lines.filter((line) => line.endsWith(': '))).toEqual(
      lines.filter((line) => /^chat\.(you|they): /.test(line)),
    );
  });
});

const THEMES = ['system', 'dark', 'light'];
const CONNECTION_PROBLEMS = ['offline', 'restarting', 'dropped', 'unreachable', 'busy'];
const DEVICE_ENDS = [...DEVICE_FAULTS, 'interrupted'];
const CLOSED = [...Object.keys(CLOSE), 'unreachable'];

/** The keys that the code puts together: how they begin, how they go on, and how they may end. */
const BUILT: readonly (readonly [begin: string, names: readonly string[], ends?: readonly string[]])[] = [
  ['error.', [...ERROR_CODES, 'disconnected']],
  ['close.', CLOSED, ['', '.more']],
  ['device.camera.', DEVICE_ENDS],
  ['device.microphone.', [...DEVICE_ENDS, 'silent', 'replaced']],
  ['end.', [...END_REASONS, 'away']],
  ['notice.', NOTICES],
  ['report.', REPORT_TYPES],
  ['circle.', [...CIRCLES, 'plain']],
  ['circle.', ['interest', 'near', 'plain'], ['.language']],
  ['erased.', ERASED],
  ['kept.', RESTRICTED, ['', '.more']],
  ['page.', Object.keys(ROUTES)],
  ['', RETENTION_ROWS, ['.more', '.time']],
  ['mode.', MODES],
  ['offer.', MODES],
  ['offer.switch.', MODES],
  ['gender.', GENDERS],
  ['own_gender.', GENDERS],
  ['age.', AGE_BANDS],
  ['theme.', THEMES],
  ['app.theme.', THEMES],
  ['link.', CONNECTION_PROBLEMS],
  ['offline.', CONNECTION_PROBLEMS],
  ['level.', ['silent', 'quiet', 'good', 'loud']],
  ['corner.', ['top_left', 'top_right', 'bottom_left', 'bottom_right']],
  ['message.', ['sending', ...MESSAGE_STATES]],
  ['interest.problem.', ['there', 'odd']],
  ['settings.', ['camera', 'microphone'], ['', '.nth']],
  ['privacy.erase.', ['account', 'guest']],
  ['promise.', ['blur', 'keep', 'guest'], ['.more']],
  ['walk.', ['1', '2', '3', '4', '5'], ['.more']],
  ['account.reset.', ['done', 'old'], ['.more']],
];

/** All code of the client but the words themselves. */
function codeOfTheClient(): string {
  const folder = join(__dirname, '../../../client/src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !/words[\\/](en|de)[\\/]/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

test.each<[string, Lines]>([
  ['chat', en],
  ['console', consoleEn],
])('C4 the code uses every key of the words of the %s', (_app, catalogue) => {
  const written = new Set([...codeOfTheClient().matchAll(/['"]([\w.+-]+)['"]/g)].map(([, key]) => key));
  const built = new Set(
    BUILT.flatMap(([begin, names, ends = ['']]) =>
      names.flatMap((name) => ends.map((end) => `${begin}${name}${end}`)),
    ),
  );
  expect(Object.keys(catalogue).filter((key) => !written.has(key) && !built.has(key))).toEqual([]);
});

/** Word-for-word German and words of this code, which nobody who only sees the screen understands. */
const ODD_ENGLISH =
  /\b(walk(s|ed)? on|put away|the sign|a letter is|wish(es)?|greeted|figures|named no|waiting too|kept? shut|leave it be|pressing after|take (it )?along|your line|by ourselves)\b/i;
const ODD_GERMAN =
  /\b(Weglegen|Briefe?|das Zeichen|begrüßt|losgelassen|deine Leitung|geschlossen hält|Dort heißt es)\b/i;

test.each<[string, Lines, RegExp]>([
  ['en', en, ODD_ENGLISH],
  ['en', consoleEn, ODD_ENGLISH],
  ['de', de, ODD_GERMAN],
  ['de', consoleDe, ODD_GERMAN],
])('C4 the words in %s are those of the language, not of the code', (_tag, catalogue, odd) => {
  const lines = Object.entries(catalogue).flatMap(([key, line]) =>
    formsOf(line).map((form) => ({ key, form })),
  );
  expect(lines.filter(({ form }) => odd.test(form))).toEqual([]);
});

describe('C4 speaking', () => {
  const english = makeWords<ChatMessages>('en', 'ltr', en);
  const german = makeWords<ChatMessages>('de', 'ltr', de);

  it('C4 picks the plural form and writes numbers as the language does', () => {
    expect(english.say('app.here', { count: 1 })).toBe('1 other person is here now');
    expect(english.say('app.here', { count: 2418 })).toBe('2,418 other people are here now');
    expect(german.say('app.here', { count: 2418 })).toBe('2.418 andere sind gerade hier');
  });

  it('C4 writes times and lengths', () => {
    expect(english.time(7_200)).toBe('8 s');
    expect(english.time(-5)).toBe('0 s');
    expect(english.time(125_000)).toBe('2 min');
    expect([english.time(5 * 3_600_000), english.time(3 * 86_400_000)]).toEqual(['5 h', '3 days']);
    expect([english.span(0), english.span(7_200_000), english.span(11_520_000)]).toEqual([
      '0 min',
      '2 h',
      '3 h 12 min',
    ]);
    expect(english.length(3_723_000)).toBe('1 hour, 2 minutes, 3 seconds');
    expect(english.length(252_000)).toBe('4 minutes, 12 seconds');
    expect(german.length(12_000)).toBe('12 Sekunden');
  });

  it('C4 lists things and names languages and countries', () => {
    expect(english.list(['film photography', 'slow cooking'], 'or')).toBe('film photography or slow cooking');
    expect(german.list(['a', 'b'], 'and')).toBe('a und b');
    expect([english.languageName('de'), german.languageName('de')]).toEqual(['German', 'Deutsch']);
    expect([english.countryName('AT'), german.countryName('AT')]).toEqual(['Austria', 'Österreich']);
  });

  it('C4 cuts a line at its placeholders', () => {
    expect(english.pieces('agree.line')).toEqual([
      { text: 'I am 18 or older and agree to ' },
      { placeholder: 'rules' },
      { text: '.' },
    ]);
  });

  it('C4 follows the browser, and a choice before that', () => {
    expect(pickLanguage(null, ['de-AT', 'en']).tag).toBe('de');
    expect(pickLanguage(null, ['tlh', 'de']).tag).toBe('de');
    expect(pickLanguage('en', ['de']).tag).toBe('en');
    expect(pickLanguage(null, []).tag).toBe('en');
  });

  it('C4 loads every language it offers, for each app by itself', async () => {
    for (const { tag } of LANGUAGES) {
      expect(Object.keys(await CHAT[tag]())).toHaveLength(Object.keys(en).length);
      expect(Object.keys(await CONSOLE[tag]())).toHaveLength(Object.keys(consoleEn).length);
    }
  });

  it('C4 gives neither app the messages of the other: they share only what ui/ says', () => {
    const both = Object.keys(consoleEn).filter((key) => Object.hasOwn(en, key));
    expect(both.sort()).toEqual(Object.keys(sharedEn).sort());
  });
});

test('C4 days and times are written as where the browser is from, in the language that was chosen', () => {
  expect(pickLocale('en', ['de-AT', 'en-GB', 'en-US'])).toBe('en-GB');
  expect(pickLocale('de', ['en-GB', 'de-AT'])).toBe('de-AT');
  expect(pickLocale('de', ['en-GB'])).toBe('de');
  expect(pickLocale('en', ['en_US.UTF-8'])).toBe('en');
  const words = makeWords<ChatMessages>('en', 'ltr', en, 'en-GB');
  expect(words.language).toBe('en');
  expect(words.day('1990-05-17')).toBe('17 May 1990');
  expect(words.timeOfDay(new Date(2026, 10, 25, 21, 59).getTime())).toBe('21:59');
});
