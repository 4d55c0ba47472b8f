import { Lock } from 'lucide-react';
import { useId } from 'react';
import { GENDERS, LIMITS } from '../../../../src/protocol';
import { ChipPicker } from '../../ui/parts/ChipPicker';
import { ChoiceChips } from '../../ui/parts/ChoiceChips';
import { Link } from '../navigation/Link';
import { useWords } from '../words';
import { COUNTRY_CODES } from './codes';
import { toggled } from './toggled';
import { ADULT_BANDS, type WishesForm } from './wishes-form';

/** Whom the user wants to meet. Where the plan does not include these filters, it links to the plans. */
export function WantedFields({
  form,
  filters,
  onChange,
}: {
  form: WishesForm;
  /** Whether the plan includes the filters. */
  filters: boolean;
  onChange: (change: Partial<WishesForm>) => void;
}) {
  const words = useWords();
  const id = useId();
  return (
    <>
      {filters ? null : (
        <p className="locked" data-testid="wishes-locked">
          <Lock className="i" aria-hidden="true" />
          <span>
            {words.say('wishes.locked')}{' '}
            <Link to="plans" className="link">
              {words.say('plans.see')}
            </Link>
          </span>
        </p>
      )}
      <ChoiceChips
        legend={words.say('wishes.genders')}
        hint={words.say('wishes.genders.hint')}
        name={`${id}wanted`}
        choices={GENDERS}
        chosen={filters ? form.wantedGenders : []}
        disabled={!filters}
        labelOf={(gender) => words.say(`gender.${gender}`)}
        onToggle={(gender) => onChange({ wantedGenders: toggled(form.wantedGenders, gender) })}
      />
      <ChoiceChips
        legend={words.say('wishes.ages')}
        hint={words.say('wishes.ages.hint')}
        name={`${id}ages`}
        choices={ADULT_BANDS}
        chosen={filters ? form.wantedAgeBands : []}
        disabled={!filters}
        labelOf={(band) => words.say(`age.${band}`)}
        onToggle={(band) => onChange({ wantedAgeBands: toggled(form.wantedAgeBands, band) })}
      />
      <fieldset className="choices" disabled={!filters}>
        <legend>{words.say('wishes.avoid')}</legend>
        <ChipPicker
          codes={COUNTRY_CODES}
          chosen={filters ? form.avoidCountries : []}
          most={LIMITS.blockedCountries}
          nameOf={words.countryName}
          language={words.language}
          addLabel={words.say('wishes.avoid.add')}
          removeLabel={(country) => words.say('wishes.avoid.remove', { country })}
          onChange={(avoidCountries) => onChange({ avoidCountries })}
        />
      </fieldset>
    </>
  );
}
