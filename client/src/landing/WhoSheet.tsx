import { useId } from 'react';
import { GENDERS, LIMITS } from '../../../src/protocol';
import { ChipPicker } from '../parts/ChipPicker';
import { ChoiceChips } from '../parts/ChoiceChips';
import { Sheet } from '../parts/Sheet';
import { useWords } from '../words/WordsProvider';
import { COUNTRY_CODES } from './places';
import { ADULT_BANDS, type WishesForm } from './wishes-form';

const UNSAID = 'unsaid';

const toggled = <T,>(items: readonly T[], item: T): T[] =>
  items.includes(item) ? items.filter((other) => other !== item) : [...items, item];

/** Whom a person wants to meet, and what they say of themselves so that others can wish too. */
export function WhoSheet({
  form,
  onChange,
  onClose,
}: {
  form: WishesForm;
  onChange: (change: Partial<WishesForm>) => void;
  onClose: () => void;
}) {
  const words = useWords();
  const id = useId();
  return (
    <Sheet heading={words.say('wishes.heading')} onClose={onClose}>
      <ChoiceChips
        legend={words.say('wishes.genders')}
        hint={words.say('wishes.genders.hint')}
        name={`${id}wanted`}
        choices={GENDERS}
        chosen={form.wantedGenders}
        labelOf={(gender) => words.say(`gender.${gender}`)}
        onToggle={(gender) => onChange({ wantedGenders: toggled(form.wantedGenders, gender) })}
      />
      <ChoiceChips
        legend={words.say('wishes.ages')}
        hint={words.say('wishes.ages.hint')}
        name={`${id}ages`}
        choices={ADULT_BANDS}
        chosen={form.wantedAgeBands}
        labelOf={(band) => words.say(`age.${band}`)}
        onToggle={(band) => onChange({ wantedAgeBands: toggled(form.wantedAgeBands, band) })}
      />
      <fieldset className="choices">
        <legend>{words.say('wishes.avoid')}</legend>
        <ChipPicker
          codes={COUNTRY_CODES}
          chosen={form.avoidCountries}
          most={LIMITS.blockedCountries}
          nameOf={words.countryName}
          language={words.language}
          addLabel={words.say('wishes.avoid.add')}
          removeLabel={(country) => words.say('wishes.avoid.remove', { country })}
          onChange={(avoidCountries) => onChange({ avoidCountries })}
        />
      </fieldset>
      <h3 className="sheet__part">{words.say('wishes.you')}</h3>
      <p className="choices__hint">{words.say('wishes.you.hint')}</p>
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
      <ChoiceChips
        legend={words.say('wishes.your_age')}
        name={`${id}age`}
        single
        choices={[UNSAID, ...ADULT_BANDS]}
        chosen={[form.ageBand ?? UNSAID]}
        labelOf={(band) => (band === UNSAID ? words.say('wishes.unsaid') : words.say(`age.${band}`))}
        onToggle={(band) => onChange({ ageBand: band === UNSAID ? null : band })}
      />
      <fieldset className="choices">
        <legend>{words.say('wishes.your_country')}</legend>
        <select
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
      </fieldset>
      <div className="sheet__acts">
        <button type="button" className="btn btn--meet" onClick={onClose}>
          {words.say('app.done')}
        </button>
      </div>
    </Sheet>
  );
}
