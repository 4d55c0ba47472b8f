import { Languages } from 'lucide-react';
import { LANGUAGES } from '../words/languages';
import { useWords } from '../words';
import { usePreferences } from './PreferencesProvider';

/** A native select behind an icon. It works the same on every device and with screen readers. */
export function LanguagePicker() {
  const words = useWords();
  const { prefer } = usePreferences();
  return (
    <div className="ib ib--select">
      <Languages className="i" aria-hidden="true" />
      <select
        aria-label={words.say('app.language')}
        value={words.language}
        onChange={(event) => prefer({ language: event.target.value })}
      >
        {LANGUAGES.map((language) => (
          <option key={language.tag} value={language.tag} lang={language.tag}>
            {language.name}
          </option>
        ))}
      </select>
    </div>
  );
}
