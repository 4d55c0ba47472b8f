import fc from 'fast-check';
import { dayOf } from '../../../src/domain/days';
import { ageBandOf, isOldEnough } from '../../../src/domain/users';
import { ageOn, couldBeBirthDate } from '../../../src/protocol';

const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => dayOf(date.getTime()));

test.each([
  ['2000-05-17', '2018-05-16', 17],
  ['2000-05-17', '2018-05-17', 18],
  ['2000-05-17', '2018-12-01', 18],
  ['2000-12-31', '2019-01-01', 18],
  // There is no 29 February in 2018: the birthday is on 1 March.
  ['2000-02-29', '2018-02-28', 17],
  ['2000-02-29', '2018-03-01', 18],
  ['2000-02-29', '2020-02-28', 19],
  ['2000-02-29', '2020-02-29', 20],
  ['2020-02-29', '2100-02-28', 79],
  ['2020-02-29', '2100-03-01', 80],
])('A2 who was born on %s is %s: %i years old', (birthDate, today, age) => {
  expect(ageOn(birthDate, today)).toBe(age);
});

test('A2 age never falls, and grows by one on exactly one day a year', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 1901, max: 2099 }), (birthDate, year) => {
      let before = ageOn(birthDate, `${year - 1}-12-31`);
      let birthdays = 0;
      for (let at = Date.UTC(year, 0, 1); at <= Date.UTC(year, 11, 31); at += 24 * 3_600_000) {
        const age = ageOn(birthDate, dayOf(at));
        expect(age - before === 0 || age - before === 1).toBe(true);
        birthdays += age - before;
        before = age;
      }
      expect(birthdays).toBe(1);
    }),
    { numRuns: 60 },
  );
});

test('A2 no user counts as older than the calendar says', () => {
  fc.assert(
    fc.property(day, day, (birthDate, today) => {
      const age = ageOn(birthDate, today);
      // The day this many years after the birth has come; 29 February rolls over to 1 March.
      const [year = 0, month = 1, date = 1] = birthDate.split('-').map(Number);
      expect(dayOf(Date.UTC(year + age, month - 1, date)) <= today).toBe(true);
      expect(dayOf(Date.UTC(year + age + 1, month - 1, date)) > today).toBe(true);
    }),
  );
});

test.each([
  [12, null],
  [13, '13-17'],
  [17, '13-17'],
  [18, '18-24'],
  [24, '18-24'],
  [25, '25-34'],
  [34, '25-34'],
  [35, '35-49'],
  [49, '35-49'],
  [50, '50+'],
  [110, '50+'],
] as const)('A2 %i years are in the band %s', (age, band) => {
  expect(ageBandOf(age)).toBe(band);
});

test('A2 a user younger than the minimum age is never old enough', () => {
  fc.assert(
    fc.property(day, day, fc.integer({ min: 13, max: 99 }), (birthDate, today, minimumAge) => {
      expect(isOldEnough(birthDate, today, minimumAge)).toBe(ageOn(birthDate, today) >= minimumAge);
    }),
  );
  expect(isOldEnough('2000-01-01', '2018-01-01', 18)).toBe(true);
  expect(isOldEnough('2000-01-02', '2018-01-01', 18)).toBe(false);
});

test.each([
  ['2018-01-01', true],
  ['1900-01-01', true],
  ['2018-01-02', false],
  ['2030-01-01', false],
  ['0001-01-01', false],
  ['1890-01-01', false],
])('A2 on 1 January 2018, %s could be a birth date: %s', (birthDate, could) => {
  expect(couldBeBirthDate(birthDate, '2018-01-01')).toBe(could);
});
