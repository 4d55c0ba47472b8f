import fc from 'fast-check';
import {
  LIMITS,
  cleanText,
  comparisonKey,
  graphemeCount,
  interestSchema,
  personNameSchema,
  wishesSchema,
} from '../../../src/protocol';

/** Names as people and their phones write them. */
const NAMES = [
  ...["O'Brien", 'O’Brien', 'D‘Angelo', "'t Hart", '’s-Gravesande', 'Kaʻiulani', 'Jean-Luc', 'Jean‑Luc'],
  ...[
    'Jean–Luc',
    'Anna-Lena M.',
    'Smith, Jr.',
    'Tom & Ann',
    '_anna_',
    'Gal·la',
    '王',
    '李',
    'A',
    'Ø',
    'え',
    '7',
  ],
  ...['Zoë', 'Zoë'.normalize('NFD'), 'Nguyễn', 'Nguyễn'.normalize('NFD'), 'İrem', 'Łukasz', 'Đặng Thị Hồng'],
  ...['עמית', 'צ׳ארלי', 'بیژن می‌خواهد', 'محمد', 'श्रीनिवास', 'क्‍ष', 'മോഹന്‍', 'ශ්‍රී', 'กฤษณ์', 'ကြွောက်'],
  ...[
    'マリー・アン',
    'ｱﾝﾅ',
    'ＡＮＮＡ',
    'Ｏ’Ｂｒｉｅｎ',
    '葛\u{E0100}城',
    'Anna 🌸',
    '👩🏽‍💻',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿 Tom',
    '1️⃣',
    '❤️',
    'Anna\u200e',
    '\u202bAnna\u202c',
  ],
];
/** Texts that show nothing, or that cover their surroundings. */
const UNREADABLE = [
  ...[
    '',
    ' ',
    '\u3164',
    '\uFFA0',
    '\u115F\u1160',
    '\u2800',
    '\u2800\u2800',
    '\uFE0F',
    '\u200B',
    '\u200D\u200C',
  ],
  ...[
    '\u{E0041}\u{E0042}',
    '\u202E',
    '\u2066\u2069',
    '\u00AD',
    '\u034F',
    '\u180E',
    '\u{1D159}',
    '\u{13441}',
    '\u{16FE4}',
  ],
  ...['\u0301', '\u0301a', '\u0301\u0301', 'Z\u0351\u036B\u0343\u036A', `Anna${'\u0E49'.repeat(4)}`],
  ...['a\u20DD', 'a\u0489\u0489', '\uFFFC', '\uFFFD', '\uE000', 'a\u0000', '\uD800', '\u200E\u3164\u200F'],
];

test.each(NAMES)('A2 the name %j is taken', (name) => {
  expect(personNameSchema.safeParse(name).success).toBe(true);
});

test.each(UNREADABLE)('A2 the text %j is neither a name nor an interest', (text) => {
  expect(personNameSchema.safeParse(text).success).toBe(false);
  expect(interestSchema.safeParse(text).success).toBe(false);
});

test.each(['<b>Anna</b>', 'anna@example.org', 'a/b', 'a\\b', '{x}', 'x=1'])(
  'A2 %j has signs that no name has',
  (name) => expect(personNameSchema.safeParse(name).success).toBe(false),
);

test.each(['-', '...', '’', 'ʼʼ', 'ـــ', '& , .'])('A2 the signs %j name nobody', (text) => {
  expect(personNameSchema.safeParse(text).success).toBe(false);
});

test('A2 what is invisible goes, and what a script needs stays', () => {
  expect(personNameSchema.parse('\u200eAn\u200bna\u3164 \u{E0041}')).toBe('Anna');
  expect(personNameSchema.parse('Anna\u00A0\u2003 Lena ')).toBe('Anna Lena');
  expect(personNameSchema.parse('Jean‑Luc')).toBe('Jean-Luc');
  expect(personNameSchema.parse('O´Brien')).toBe("O'Brien");
  expect(personNameSchema.parse('O’Brien')).toBe('O’Brien');
  expect(personNameSchema.parse('An\u200cna\u200d')).toBe('Anna');
  for (const word of ['می‌خواهم', 'മോഹന്‍', 'ශ්‍රී', 'क्‍ष']) expect(personNameSchema.parse(word)).toBe(word);
  for (const emoji of ['👩🏽‍💻', '👨‍👩‍👧‍👦', '🏳️‍🌈', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇩🇪', '1️⃣']) expect(personNameSchema.parse(emoji)).toBe(emoji);
});

test('A2 lengths are counted in signs as a reader sees them', () => {
  for (const sign of ['x', '王', '👨‍👩‍👧‍👦', '🇩🇪', 'Ễ', 'นี้']) {
    expect(personNameSchema.safeParse(sign.repeat(LIMITS.nameChars.most)).success).toBe(true);
    expect(personNameSchema.safeParse(sign.repeat(LIMITS.nameChars.most + 1)).success).toBe(false);
  }
});

test.each([
  ['rock ’n’ roll', "Rock 'n' Roll", 'ROCK ‘N’ ROLL ', "rock\u00a0ʼn' roll"],
  ['hip-hop', 'Hip‑Hop', 'hip‐hop', 'hip–hop', 'hip\u00ADhip-hop'.slice(0, 0) + 'hip−hop'],
  ['café', 'cafe\u0301', 'CAFÉ', 'ｃａｆé'],
  ['کتاب‌خوانی', 'کتابخوانی', 'كتابخواني', 'کتـاب‌خوانی'],
  ['☕', '☕\uFE0F', '☕\uFE0E'],
  ['straße', 'STRASSE', 'Straße'],
  ['istanbul', 'İstanbul', 'ISTANBUL'],
  ['σοφός', 'ΣΟΦΌΣ'],
  ['film\u200b photography', 'Film  Photography', '\u200efilm photography'],
])('M1 %j is one interest in whichever way it is typed', (...ways) => {
  expect(new Set(ways.map(comparisonKey)).size).toBe(1);
  expect(wishesSchema.parse({ mode: 'text', interests: ways }).interests).toHaveLength(1);
});

test('M1 of interests that differ only in how they are typed the first is kept, and the order stays', () => {
  const { interests } = wishesSchema.parse({
    mode: 'text',
    interests: ['Tea', 'O’Hara', 'ＴＥＡ', "o'hara", 'sea'],
  });
  expect(interests).toEqual(['tea', 'o’hara', 'sea']);
});

/** Letters, joiners, marks, spaces, emoji parts and everything invisible, mixed without sense. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(
      ...[
        'a',
        'É',
        'e',
        '\u0301',
        '\u0323',
        ' ',
        '\u00a0',
        '\u200c',
        '\u200d',
        '\u200e',
        '\u202e',
        '\ufe0f',
        '\u3164',
      ],
      ...[
        'م',
        'ی',
        '्',
        'क',
        'ക',
        '്',
        '👩',
        '🏽',
        '💻',
        '🏴',
        '\u{E0067}',
        '\u{E007F}',
        '1',
        '\u20E3',
        '🇩',
        '🇪',
        '-',
        '‑',
        '’',
        '´',
        '`',
        '\u2800',
      ],
    ),
    maxLength: 12,
  }),
);

test('M1 A2 whatever a text is made of: it is refused, or clean, readable and short, and then it stays as it is', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const [schema, most] of [
        [personNameSchema, LIMITS.nameChars.most],
        [interestSchema, LIMITS.interestChars],
      ] as const) {
        const parsed = schema.safeParse(text);
        if (!parsed.success) continue;
        expect(parsed.data).toBe(parsed.data.trim());
        expect(graphemeCount(parsed.data)).toBeLessThanOrEqual(most);
        expect(graphemeCount(parsed.data)).toBeGreaterThan(0);
        expect(parsed.data).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u3164\u1160\u2800]| {2}/u);
        expect(schema.safeParse(parsed.data)).toMatchObject({ success: true, data: parsed.data });
      }
    }),
    { numRuns: 1_000 },
  );
});

test('M1 cleaning and comparing do not depend on how a text is composed', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(cleanText(cleanText(text))).toBe(cleanText(text));
      expect(cleanText(text.normalize('NFD'))).toBe(cleanText(text.normalize('NFC')));
      expect(comparisonKey(cleanText(text))).toBe(comparisonKey(text));
      expect(comparisonKey(text.normalize('NFD'))).toBe(comparisonKey(text));
      expect(comparisonKey(` ${text}\u200e `)).toBe(comparisonKey(text));
    }),
    { numRuns: 1_000 },
  );
});

test('A2 a name has so many signs at most, however many letters one sign can hold', () => {
  const cyrillic = '\u2DE0\u2DE1\u2DE2\u2DE3\u2DE4\u2DE5';
  const refused = [
    '\u1100'.repeat(500),
    '👨\u200D'.repeat(166) + '👨',
    'क्'.repeat(249) + 'क',
    `Z${cyrillic}`.repeat(24),
    'Z\u0483\u0484\u0485\u0487\u2DE0',
    'Z\u{1E8D0}\u{1E8D1}\u{1E8D2}\u135D\u135E',
    'Z\u2DE0\u2DE1\u200C\u2DE2\u2DE3',
  ];
  for (const name of refused) {
    expect([name, personNameSchema.safeParse(name).success]).toEqual([name, false]);
    expect([name, interestSchema.safeParse(name).success]).toEqual([name, false]);
  }
  const tags = '\u{E0061}'.repeat(200);
  expect(personNameSchema.parse(`Ada 🏴${tags}\u{E007F}`)).toBe('Ada 🏴');
  const kept = [
    ...['👨🏽‍👩🏽‍👧🏽‍👦🏽', '👩🏽‍❤️‍💋‍👨🏽', '🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁳󠁣󠁴󠁿🏴󠁧󠁢󠁷󠁬󠁳󠁿', 'कार्त्स्न्य', 'श्रीमती लक्ष्मी'],
    ...['น้ำผึ้ง', 'مُحَمَّدٌ', 'Nguyễn Thị Phương', 'မြန်မာနိုင်ငံ', 'བསྒྲུབས', '홍길동'],
  ];
  for (const name of kept) expect([name, personNameSchema.safeParse(name).success]).toEqual([name, true]);
});
