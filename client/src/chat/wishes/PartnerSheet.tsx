import { useEffect, useRef } from 'react';
import { Sheet } from '../../ui/parts/Sheet';
import { useWords } from '../words';
import { AboutFields } from './AboutFields';
import { WantedFields } from './WantedFields';
import type { WishesForm } from './wishes-form';

/** Whom the user wants to meet, and what they say about themselves. */
export function PartnerSheet({
  form,
  filters,
  knowsAge,
  atCountry,
  onChange,
  onClose,
}: {
  form: WishesForm;
  filters: boolean;
  knowsAge: boolean;
  /** The user comes to choose their country. */
  atCountry: boolean;
  onChange: (change: Partial<WishesForm>) => void;
  onClose: () => void;
}) {
  const words = useWords();
  const country = useRef<HTMLSelectElement>(null);
  // The sheet has opened by now: its effects run before those of what is around it.
  useEffect(() => {
    if (atCountry) country.current?.focus();
  }, [atCountry]);
  return (
    <Sheet heading={words.say('wishes.heading')} onClose={onClose}>
      <WantedFields form={form} filters={filters} onChange={onChange} />
      <h3 className="sheet__part">{words.say('wishes.you')}</h3>
      <p className="choices__hint">{words.say('wishes.you.hint')}</p>
      <AboutFields form={form} knowsAge={knowsAge} country={country} onChange={onChange} />
      <div className="sheet__acts">
        <button type="button" className="btn btn--meet" onClick={onClose}>
          {words.say('app.done')}
        </button>
      </div>
    </Sheet>
  );
}
