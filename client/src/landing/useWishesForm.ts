import { useCallback, useState } from 'react';
import type { Me, Profile } from '../../../src/protocol';
import { readStored, writeStored } from '../app/storage';
import { useServices } from '../parts/ServicesProvider';
import { formOf, freshForm, profileOf, readForm, type WishesForm } from './wishes-form';

interface Held {
  /** Whose wishes these are: an account's id, or null for a guest, whose wishes are this browser's. */
  owner: string | null;
  /** The profile they were read from, as text, so that the same one read again changes nothing. */
  read: string;
  form: WishesForm;
}

export interface WishesOfOne {
  form: WishesForm;
  change: (part: Partial<WishesForm>) => void;
  clear: () => void;
  /** A search begins with them: an account keeps them. */
  keep: () => void;
  /** The same, waited for. */
  save: (form: WishesForm) => Promise<void>;
}

const textOf = (profile: Profile): string => JSON.stringify(profileOf(formOf(profile)));

const ofBrowser = (): Held => ({
  owner: null,
  read: '',
  form: readForm(readStored('wishes'), navigator.languages),
});

const ofAccount = (me: Me): Held => ({ owner: me.id, read: textOf(me.profile), form: formOf(me.profile) });

/** The wishes: a guest's stay in this browser until they are cleared, an account's come with it. */
export function useWishesForm(me: Me | null): WishesOfOne {
  const { account } = useServices();
  const [held, setHeld] = useState(ofBrowser);
  const mine = me === null || me.isAnonymous ? null : me;
  const isOld = held.owner !== (mine?.id ?? null) || (mine !== null && held.read !== textOf(mine.profile));
  // Somebody else is here, or their profile was changed elsewhere: what the form held before is not theirs.
  if (isOld) setHeld(mine === null ? ofBrowser() : ofAccount(mine));

  const put = useCallback((form: WishesForm, owner: string | null) => {
    // On a computer that others use too, an account leaves nothing behind.
    if (owner === null) writeStored('wishes', JSON.stringify(form));
    setHeld((before) => ({ ...before, form }));
  }, []);
  const { form, owner } = held;
  return {
    form,
    change: (part) => put({ ...form, ...part }, owner),
    clear: () => {
      put(freshForm(navigator.languages), owner);
      if (owner === null) writeStored('wishes', null);
    },
    keep: () => {
      if (owner === null) return;
      const profile = profileOf(form);
      // The answer is this very profile, so it must not take back what is changed while it is on its way.
      setHeld((before) => ({ ...before, read: JSON.stringify(profile) }));
      account.keepWishes(profile);
    },
    save: async (next) => {
      if (owner !== null) await account.change({ profile: profileOf(next) });
      put(next, owner);
    },
  };
}
