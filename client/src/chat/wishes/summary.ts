import type { Words } from '../words';
import type { WishesForm } from './wishes-form';

/** "Anyone, any age, anywhere", or the filters that are set. */
export function whoSummary(form: WishesForm, words: Words): string {
  const genders =
    form.wantedGenders.length === 0
      ? words.say('wishes.anyone')
      : form.wantedGenders.map((gender) => words.say(`gender.${gender}`)).join(', ');
  const ages =
    form.wantedAgeBands.length === 0
      ? words.say('wishes.any_age')
      : form.wantedAgeBands.map((band) => words.say(`age.${band}`)).join(', ');
  const count = form.avoidCountries.length;
  const places = count === 0 ? words.say('wishes.anywhere') : words.say('wishes.not_from', { count });
  return [genders, ages, places].join(', ');
}

export const languagesSummary = (form: WishesForm, words: Words): string =>
  form.languages.length === 0
    ? words.say('wishes.any_language')
    : form.languages.map(words.languageName).join(', ');
