import {
  HOLD_MS,
  MOST_SUBJECTS,
  furtherSubjects,
  holdFor,
  holds,
  independentWeight,
  weightOf,
  type Ban,
  type ReportFact,
} from '../../../src/domain/bans';
import { furtherWindowId } from '../../../src/domain/users';
import { networkKindOf } from '../../../src/domain/addresses';

const HOUR = 3_600_000;
const NOW = 1_700_000_000_000;
const report = (n: number, changes: Partial<ReportFact> = {}): ReportFact => ({
  reporterId: `reporter ${n}`,
  callId: `call ${n}`,
  reporterSubnet: `subnet ${n}`,
  at: NOW,
  ...changes,
});

test('R2 three independent reports hold somebody back, two do not', () => {
  expect(holdFor([report(1), report(2)], 0, NOW)).toBeNull();
  expect(holdFor([report(1), report(2), report(3)], 0, NOW)).toBe(HOLD_MS.first);
});

test.each([
  ['one household', { reporterSubnet: 'the same' }],
  ['networks that are not known', { reporterSubnet: null }],
  ['one reporter', { reporterId: 'the same' }],
  ['one call', { callId: 'the same' }],
  ['one user in many windows', (n: number) => ({ reporterId: furtherWindowId('the same', `${n}`) })],
])('R2 [R2.1] twenty reports of %s count once', (_, same) => {
  const brigade = Array.from({ length: 20 }, (__, n) =>
    report(n, typeof same === 'function' ? same(n) : same),
  );
  expect(independentWeight(brigade, NOW)).toBe(1);
  expect(holdFor(brigade, 0, NOW)).toBeNull();
  expect(holdFor([...brigade, report(30), report(31)], 0, NOW)).toBe(HOLD_MS.first);
});

test('R2 reports weigh less with time, and nothing after a day', () => {
  expect(weightOf(report(1, { at: NOW - HOUR }), NOW)).toBe(1);
  expect(weightOf(report(1, { at: NOW - 12.5 * HOUR }), NOW)).toBe(0.5);
  expect(weightOf(report(1, { at: NOW - 24 * HOUR }), NOW)).toBe(0);
  expect(weightOf(report(1, { at: NOW - 40 * HOUR }), NOW)).toBe(0);
  const old = [1, 2, 3, 4].map((n) => report(n, { at: NOW - 12.5 * HOUR }));
  expect(holdFor(old, 0, NOW)).toBeNull();
  expect(holdFor([...old, report(5)], 0, NOW)).toBe(HOLD_MS.first);
});

test('R2 of reports that depend on each other the newest counts', () => {
  const older = report(1, { at: NOW - 20 * HOUR, reporterSubnet: 'a' });
  expect(independentWeight([older, report(2, { reporterSubnet: 'a' })], NOW)).toBe(1);
});

test('R2 each further hold within a week is twice as long, a day at most', () => {
  const three = [report(1), report(2), report(3)];
  expect([0, 1, 2, 4, 5, 20].map((before) => holdFor(three, before, NOW))).toEqual(
    [1, 2, 4, 16, 24, 24].map((hours) => hours * HOUR),
  );
});

const ban = (changes: Partial<Ban> = {}): Ban => ({
  id: 'ban',
  subjects: [{ kind: 'user', mark: 'ada' }],
  follows: ['device'],
  reason: 'spam',
  note: '',
  by: 'operator',
  createdAt: NOW,
  endsAt: NOW + HOUR,
  liftedAt: null,
  ...changes,
});

test('R6 a ban holds until its end, or until it is lifted; without an end it holds for good', () => {
  expect(holds(ban(), NOW + HOUR - 1)).toBe(true);
  expect(holds(ban(), NOW + HOUR)).toBe(false);
  expect(holds(ban({ liftedAt: NOW }), NOW)).toBe(false);
  expect(holds(ban({ endsAt: null }), NOW + 1e12)).toBe(true);
});

test('R6 a ban of a user learns the marks that it follows, and no others', () => {
  const marks = { users: ['ada'], device: 'd', address: 'a', subnet: 's' };
  expect(furtherSubjects(ban(), marks)).toEqual([{ kind: 'device', mark: 'd' }]);
  expect(furtherSubjects(ban({ follows: [] }), marks)).toEqual([]);
  expect(furtherSubjects(ban(), { ...marks, users: ['ben'] })).toEqual([]);
  const known = ban({ subjects: [...ban().subjects, { kind: 'device', mark: 'd' }] });
  expect(furtherSubjects(known, marks)).toEqual([]);
  // A device that is banned passes nothing on to the next user of it: that user may be somebody else.
  expect(
    furtherSubjects(ban({ subjects: [{ kind: 'device', mark: 'd' }], follows: ['address'] }), marks),
  ).toEqual([]);
});

test.each([
  ['203.0.113.7', 'household'],
  ['203.0.113.7/32', 'household'],
  ['203.0.113.0/24', 'subnet'],
  ['203.0.113.0/16', null],
  ['::ffff:203.0.113.7', 'household'],
  ['2001:db8::1', 'household'],
  ['2001:db8::/64', 'household'],
  ['2001:db8::/48', 'subnet'],
  ['2001:db8::/32', null],
  ['example.org', null],
  ['203.0.113.7/24/1', null],
])('R6 %s means %s', (written, kind) => {
  expect(networkKindOf(written)).toBe(kind);
});

test('R6 a ban follows no device whose browser has not shown its cookie, and gains no more marks than fit', () => {
  const marks = { users: ['ada'], device: 'd' };
  expect(furtherSubjects(ban(), { ...marks, isNewDevice: true })).toEqual([]);
  expect(furtherSubjects(ban(), { ...marks, isNewDevice: false })).toHaveLength(1);
  const many = Array.from({ length: MOST_SUBJECTS - 1 }, (_, n) => ({
    kind: 'device' as const,
    mark: `${n}`,
  }));
  const full = ban({ subjects: [...ban().subjects, ...many] });
  expect(furtherSubjects(full, marks)).toEqual([]);
});
