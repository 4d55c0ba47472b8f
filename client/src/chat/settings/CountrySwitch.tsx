import { Switch } from '../../ui/parts/Switch';
import { usePreferences } from '../../ui/preferences/PreferencesProvider';
import { useWords } from '../words';

/** Whether to show one's country. It shows nothing until one is chosen, and says so. */
export function CountrySwitch({
  more,
  isChosen,
  onChoose,
}: {
  more: string;
  isChosen: boolean;
  /** Leads to where the country is chosen; null where that is not possible, or where it is right here. */
  onChoose: (() => void) | null;
}) {
  const words = useWords();
  const { preferences, prefer } = usePreferences();
  const isMissing = preferences.showCountry && !isChosen;
  return (
    <>
      <Switch
        label={words.say('settings.country')}
        more={more}
        on={preferences.showCountry}
        onChange={(showCountry) => prefer({ showCountry })}
      />
      <p className="setting__note" role="status" data-testid="country-missing">
        {isMissing ? (
          <>
            {words.say('settings.country.missing')}{' '}
            {onChoose === null ? null : (
              <button type="button" className="link" data-testid="choose-country" onClick={onChoose}>
                {words.say('settings.country.choose')}
              </button>
            )}
          </>
        ) : null}
      </p>
    </>
  );
}
