import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import { useWords } from '../words';
import { LanguagesSheet } from './LanguagesSheet';
import { languagesSummary, whoSummary } from './summary';
import { PartnerSheet } from './PartnerSheet';
import { underPlan, type WishesForm } from './wishes-form';

/** The sheets of the wishes; `country`: the one about whom to meet, at the user's own country. */
export type WishesSheet = 'who' | 'country' | 'languages';

/** Two chips that summarise whom to meet and in which languages. Each opens a sheet. */
export function WishesRow({
  form,
  filters,
  knowsAge,
  open,
  onOpen,
  onChange,
}: {
  form: WishesForm;
  filters: boolean;
  knowsAge: boolean;
  open: WishesSheet | null;
  onOpen: (sheet: WishesSheet | null) => void;
  onChange: (change: Partial<WishesForm>) => void;
}) {
  const words = useWords();
  const label = useId();
  const [who, languages] = [whoSummary(underPlan(form, filters), words), languagesSummary(form, words)];
  return (
    <div className="row">
      <span id={label}>{words.say('landing.meet')}</span>
      <div role="group" aria-labelledby={label}>
        <button
          type="button"
          className="chip"
          aria-haspopup="dialog"
          aria-label={words.say('wishes.open', { summary: who })}
          onClick={() => onOpen('who')}
        >
          <span className="chip__words">{who}</span>
          <ChevronDown className="i" aria-hidden="true" />
        </button>
        <button
          type="button"
          className="chip"
          aria-haspopup="dialog"
          aria-label={words.say('wishes.languages.open', { summary: languages })}
          onClick={() => onOpen('languages')}
        >
          <span className="chip__words">{languages}</span>
          <ChevronDown className="i" aria-hidden="true" />
        </button>
      </div>
      {open === 'who' || open === 'country' ? (
        <PartnerSheet
          form={form}
          filters={filters}
          knowsAge={knowsAge}
          atCountry={open === 'country'}
          onChange={onChange}
          onClose={() => onOpen(null)}
        />
      ) : null}
      {open === 'languages' ? (
        <LanguagesSheet
          languages={form.languages}
          onChange={(chosen) => onChange({ languages: chosen })}
          onClose={() => onOpen(null)}
        />
      ) : null}
    </div>
  );
}
