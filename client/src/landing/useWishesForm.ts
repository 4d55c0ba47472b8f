import { useCallback, useState } from 'react';
import { readStored, writeStored } from '../app/storage';
import { freshForm, readForm, type WishesForm } from './wishes-form';

/** The wishes, remembered in this browser until they are cleared. */
export function useWishesForm(): {
  form: WishesForm;
  change: (part: Partial<WishesForm>) => void;
  clear: () => void;
} {
  const [form, setForm] = useState(() => readForm(readStored('wishes'), navigator.languages));
  const change = useCallback((part: Partial<WishesForm>) => {
    setForm((before) => {
      const after = { ...before, ...part };
      writeStored('wishes', JSON.stringify(after));
      return after;
    });
  }, []);
  const clear = useCallback(() => {
    writeStored('wishes', null);
    setForm(freshForm(navigator.languages));
  }, []);
  return { form, change, clear };
}
