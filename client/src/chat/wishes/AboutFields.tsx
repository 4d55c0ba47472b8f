import { useId, type Ref } from 'react';
import { GENDERS } from '../../../../src/protocol';
import { ChoiceChips } from '../../ui/parts/ChoiceChips';
import { CountrySwitch } from '../settings/CountrySwitch';
import { useWords } from '../words';
import { COUNTRY_CODES } from './codes';
import { ADULT_BANDS, type WishesForm } from './wishes-form';

const UNSAID = 'unsaid';

/** What the user says about themselves, so that others can filter by it. */
export function AboutFields({
  form,
  knowsAge,
  country,
  onChange,
}: {
  form: WishesForm;
  /** An account's age comes from its birth date. */
  knowsAge: boolean;
  /** The field for the country, for a page that leads there. */
  country?: Ref<HTMLSelectElement>;
  onChange: (change: Partial<WishesForm>) => void;
}) {
  const words = useWords();
  const id = useId();
  return (
    <>
      <ChoiceChips
        legend={words.say('wishes.your_gender')}
        name={`${id}gender`}
        single
        choices={[UNSAID, ...GENDERS]}
        chosen={[form.gender ?? UNSAID]}
        labelOf={(gender) =>
          gender === UNSAID ? words.say('wishes.unsaid') : words.say(`own_gender.${gender}`)
        }
        onToggle={(gender) => onChange({ gender: gender === UNSAID ? null : gender })}
      />
      {knowsAge ? null : (
        <ChoiceChips
          legend={words.say('wishes.your_age')}
          name={`${id}age`}
          single
          choices={[UNSAID, ...ADULT_BANDS]}
          chosen={[form.ageBand ?? UNSAID]}
          labelOf={(band) => (band === UNSAID ? words.say('wishes.unsaid') : words.say(`age.${band}`))}
          onToggle={(band) => onChange({ ageBand: band === UNSAID ? null : band })}
        />
      )}
      <fieldset className="choices">
        <legend>{words.say('wishes.your_country')}</legend>
        <select
          ref={country}
          className="select"
          aria-label={words.say('wishes.your_country')}
          value={form.country ?? ''}
          onChange={(event) => onChange({ country: event.target.value || null })}
        >
          <option value="">{words.say('wishes.unsaid')}</option>
          {COUNTRY_CODES.map((code) => ({ code, name: words.countryName(code) }))
            .sort((a, b) => a.name.localeCompare(b.name, words.language))
            .map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
        </select>
        <CountrySwitch
          more={words.say('settings.country.beside')}
          isChosen={form.country !== null}
          onChoose={null}
        />
      </fieldset>
    </>
  );
}
