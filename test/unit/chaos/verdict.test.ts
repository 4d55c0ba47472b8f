import { allowedRecoveryMs, quantile, verdictOf, type VerdictFigures } from '../../../chaos/verdict';

const GOOD: VerdictFigures = {
  doubleMatches: 0,
  stuck: 0,
  leftOver: 0,
  violations: 0,
  disorderlyExits: 0,
  unanswered: 0,
  recoveriesMs: [600, 900, 1_700],
  neverBack: 0,
  latenessMs: 0,
  forgotten: 0,
  errors: 0,
  messagesLost: 0,
  recordsLost: 0,
  recordsRejected: 0,
  recordErrors: 0,
  recordsLate: 0,
  diskMs: 20,
};

const brokenBy = (figures: Partial<VerdictFigures>): string[] =>
  verdictOf({ ...GOOD, ...figures }).map(({ rule }) => rule);

test('O5 a run that shows nothing wrong is good, also where no node was killed', () => {
  expect(verdictOf(GOOD)).toEqual([]);
  expect(brokenBy({ recoveriesMs: [] })).toEqual([]);
  expect(brokenBy({ errors: null })).toEqual([]);
});

test.each<[keyof VerdictFigures, string]>([
  ['doubleMatches', 'double matches'],
  ['stuck', 'stuck'],
  ['leftOver', 'left over'],
  ['violations', 'protocol'],
  ['disorderlyExits', 'orderly stop'],
  ['unanswered', 'audit'],
  ['neverBack', 'never back'],
  ['forgotten', 'forgotten'],
  ['errors', 'errors'],
  ['messagesLost', 'messages'],
  ['recordsLost', 'records lost'],
  ['recordsRejected', 'records rejected'],
  ['recordErrors', 'records not kept'],
  ['recordsLate', 'records late'],
])('O5 one of %s alone fails the run, with its figure', (figure, rule) => {
  const failures = verdictOf({ ...GOOD, [figure]: 3 });
  expect(failures.map((failure) => failure.rule)).toEqual([rule]);
  expect(failures[0]?.words).toMatch(/^3 /);
});

test('O5 every broken rule is named, not only the first', () => {
  expect(brokenBy({ stuck: 1, recordsLost: 1, forgotten: 2 })).toEqual([
    'stuck',
    'forgotten',
    'records lost',
  ]);
});

test('O5 peers are late when 1 of 100 or more took longer than 2 s', () => {
  const inTime = Array.from({ length: 150 }, () => 1_500);
  expect(brokenBy({ recoveriesMs: [...inTime, 9_000] })).toEqual([]);
  expect(brokenBy({ recoveriesMs: [...inTime, 2_001, 9_000] })).toEqual(['back late']);
  expect(brokenBy({ recoveriesMs: [2_000] })).toEqual([]);
});

test('O5 on a machine that is late itself peers may be back that much later, and no later', () => {
  expect(allowedRecoveryMs(0)).toBe(2_000);
  expect(allowedRecoveryMs(50)).toBe(2_500);
  expect(brokenBy({ recoveriesMs: [2_500], latenessMs: 50 })).toEqual([]);
  expect(brokenBy({ recoveriesMs: [2_501], latenessMs: 50 })).toEqual(['back late']);
});

test('O5 late records are excused only where the disk of the auditor itself was too slow', () => {
  expect(brokenBy({ recordsLate: 1, diskMs: 250 })).toEqual(['records late']);
  expect(brokenBy({ recordsLate: 1, diskMs: 251 })).toEqual([]);
  expect(brokenBy({ recordsLate: 1, latenessMs: 251 })).toEqual([]);
  expect(brokenBy({ recordsLate: 1, diskMs: 251, recordsLost: 1 })).toEqual(['records lost']);
});

test('O5 the message on late peers gives their number, the time they took and the time allowed', () => {
  const [failure] = verdictOf({ ...GOOD, recoveriesMs: [1_000, 3_200], latenessMs: 20 });
  expect(failure?.words).toMatch(
    /^1 of 2 people .* the longest 3200 ms, allowed 2200 ms .* lateness of 20 ms/,
  );
});

test('O5 a quantile is one of the values', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([3, 1, 2], 1)).toBe(3);
  expect(quantile([], 0.99)).toBe(0);
});
