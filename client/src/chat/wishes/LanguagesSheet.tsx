import { LIMITS } from '../../../../src/protocol';
import { ChipPicker } from '../../ui/parts/ChipPicker';
import { Sheet } from '../../ui/parts/Sheet';
import { useWords } from '../words';
import { LANGUAGE_CODES } from './codes';

/** The languages that the user speaks. */
export function LanguagesSheet({
  languages,
  onChange,
  onClose,
}: {
  languages: readonly string[];
  onChange: (languages: readonly string[]) => void;
  onClose: () => void;
}) {
  const words = useWords();
  return (
    <Sheet
      heading={words.say('wishes.languages.heading')}
      lead={words.say('wishes.languages.hint', { count: LIMITS.languages })}
      onClose={onClose}
    >
      <ChipPicker
        codes={LANGUAGE_CODES}
        chosen={languages}
        most={LIMITS.languages}
        nameOf={words.languageName}
        language={words.language}
        addLabel={words.say('wishes.languages.add')}
        removeLabel={(language) => words.say('wishes.languages.remove', { language })}
        onChange={onChange}
      />
      <div className="sheet__acts">
        <button type="button" className="btn btn--meet" onClick={onClose}>
          {words.say('app.done')}
        </button>
      </div>
    </Sheet>
  );
}
