import { LIMITS, profileSchema, wishesSchema } from '../../../src/protocol';
import {
  formOf,
  freshForm,
  interestFrom,
  takeInterests,
  profileOf,
  readForm,
  toWishes,
  underPlan,
} from '../../../client/src/chat/wishes/wishes-form';

describe('C2 the wishes form', () => {
  it('C2 begins with the languages of the browser and hidden until both say yes', () => {
    const form = freshForm(['de-AT', 'de', 'en-GB', '*']);
    expect(form.languages).toEqual(['de', 'en']);
    expect(form.blurFirst).toBe(true);
    expect(form.mode).toBe('video');
  });

  it('M1 becomes wishes that the server takes', () => {
    const form = {
      ...freshForm(['en']),
      interests: ['film photography'],
      wantedGenders: ['female', 'other'] as const,
      ageBand: '25-34' as const,
      country: 'AT',
      avoidCountries: ['ZZ'],
      blurFirst: false,
    };
    expect(wishesSchema.parse(toWishes(form))).toMatchObject({
      mode: 'video',
      interests: ['film photography'],
      wantedGenders: ['female', 'other'],
      ageBand: '25-34',
      country: 'AT',
      blurFirst: false,
    });
  });

  it('M1 takes all of something for the same wish as none', () => {
    const wishes = toWishes({
      ...freshForm([]),
      wantedGenders: ['other', 'male', 'female'],
      wantedAgeBands: ['18-24', '25-34', '35-49', '50+'],
    });
    expect(wishes.wantedGenders).toEqual([]);
    expect(wishes.wantedAgeBands).toEqual([]);
  });

  it('C2 is remembered, and whatever no longer fits is left out', () => {
    const form = { ...freshForm(['en']), interests: ['chess'], ageBand: '18-24' as const };
    expect(readForm(JSON.stringify(form), ['de'])).toEqual(form);
    const odd = readForm(
      JSON.stringify({
        mode: 'smoke',
        interests: ['ok', 7, 'x'.repeat(99), 'ok'],
        languages: ['EN', 'fr'],
        wantedAgeBands: ['13-17', '18-24'],
        country: 'Austria',
        blurFirst: 'yes',
      }),
      ['de'],
    );
    expect(odd).toMatchObject({
      mode: 'video',
      interests: ['ok'],
      languages: ['fr'],
      wantedAgeBands: ['18-24'],
      country: null,
      blurFirst: true,
    });
  });

  it('A3 becomes a profile and comes back from it, without an age, which the account knows', () => {
    const form = { ...freshForm(['en']), interests: ['chess'], wantedGenders: ['other'] as const };
    const profile = profileSchema.parse(profileOf({ ...form, ageBand: '25-34' }));
    expect(formOf(profile)).toEqual(form);
  });

  it('P1 wishes a plan does not give are kept but not sent', () => {
    const form = {
      ...freshForm(['en']),
      wantedGenders: ['other'] as const,
      wantedAgeBands: ['50+'] as const,
      avoidCountries: ['AT'],
    };
    expect(underPlan(form, true)).toBe(form);
    expect(toWishes(underPlan(form, false))).toMatchObject({
      wantedGenders: [],
      wantedAgeBands: [],
      avoidCountries: [],
      languages: ['en'],
    });
  });

  it.each([null, '', 'null', '[]', '{', '7'])('C2 reads %p as nothing stored', (stored) => {
    expect(readForm(stored, ['en'])).toEqual(freshForm(['en']));
  });
});

describe('C2 several interests', () => {
  it('C2 a pasted list becomes a chip each, and what stands after the last comma is still being written', () => {
    expect(takeInterests('Tea, chess,  slow cook', ['go'], false)).toEqual({
      interests: ['go', 'tea', 'chess'],
      rest: 'slow cook',
      problem: null,
    });
    expect(takeInterests('tea， chess；\ngo', [], true)).toEqual({
      interests: ['tea', 'chess', 'go'],
      rest: '',
      problem: null,
    });
    expect(takeInterests('tea,', [], false)).toEqual({ interests: ['tea'], rest: '', problem: null });
  });

  it('C2 one that is there already is left out of a list, and what cannot be added stays in the field', () => {
    expect(takeInterests('tea, chess', ['tea'], true)).toMatchObject({
      interests: ['tea', 'chess'],
      rest: '',
    });
    expect(takeInterests('tea', ['tea'], true)).toEqual({
      interests: ['tea'],
      rest: 'tea',
      problem: 'there',
    });
    const long = 'x'.repeat(LIMITS.interestChars + 1);
    expect(takeInterests(`go, ${long}, tea`, [], true)).toEqual({
      interests: ['go'],
      rest: `${long}, tea`,
      problem: 'long',
    });
  });
});

describe('C2 an interest', () => {
  it('C2 is brought into the form the server compares', () => {
    expect(interestFrom('  Film   Photography ', [])).toEqual({ interest: 'film photography' });
  });

  it('C2 is ignored when empty and refused with a reason otherwise', () => {
    expect(interestFrom('   ', [])).toBeNull();
    expect(interestFrom('Chess', ['chess'])).toEqual({ problem: 'there' });
    expect(interestFrom('x'.repeat(LIMITS.interestChars + 1), [])).toEqual({ problem: 'long' });
    expect(interestFrom('a\u0000b', [])).toEqual({ problem: 'odd' });
    const many = Array.from({ length: LIMITS.interests }, (_, index) => `tag ${index}`);
    expect(interestFrom('one more', many)).toEqual({ problem: 'full' });
  });
});

test.each(['\u200b', '\u3164', '\u2800', ' \u200b '])(
  'C1 an interest of signs that show nothing is named, not dropped (%j)',
  (text) => {
    expect(takeInterests(text, [], true)).toMatchObject({ interests: [], problem: 'odd' });
    expect(takeInterests('  ', [], true)).toMatchObject({ problem: null });
  },
);
