import { useCallback, useState } from 'react';
import type { Me, Profile } from '../../../../src/protocol';
import { deviceStorage } from '../../storage/browser-storage';
import { useServices } from '../services/ServicesProvider';
import { formOf, freshForm, profileOf, readForm, type WishesForm } from './wishes-form';

interface Held {
  /** The id of the account that the wishes belong to, or null for a guest, whose wishes are stored in the browser. */
  owner: string | null;
  /** The profile that the form was made from, as text, to recognise the same profile when it is read again. */
  read: string;
  form: WishesForm;
}

export interface WishesState {
  form: WishesForm;
  change: (part: Partial<WishesForm>) => void;
  clear: () => void;
  /** Saves the wishes to the account when a search begins, without waiting for the reply. */
  keep: () => void;
  /** Saves the wishes and waits for the reply. */
  save: (form: WishesForm) => Promise<void>;
}

const textOf = (profile: Profile): string => JSON.stringify(profileOf(formOf(profile)));

const ofBrowser = (): Held => ({
  owner: null,
  read: '',
  form: readForm(deviceStorage.read('wishes'), navigator.languages),
});

const ofAccount = (me: Me): Held => ({ owner: me.id, read: textOf(me.profile), form: formOf(me.profile) });

/** The wishes form. A guest's wishes are stored in the browser until they are cleared, an account's on the server. */
export function useWishesForm(me: Me | null): WishesState {
  const { account } = useServices();
  const [held, setHeld] = useState(ofBrowser);
  const mine = me === null || me.isAnonymous ? null : me;
  const isOld = held.owner !== (mine?.id ?? null) || (mine !== null && held.read !== textOf(mine.profile));
  // The user or the profile has changed, so the form is replaced.
  if (isOld) setHeld(mine === null ? ofBrowser() : ofAccount(mine));

  const put = useCallback((form: WishesForm, owner: string | null) => {
    // An account leaves nothing in the browser, because other people may use the computer too.
    if (owner === null) deviceStorage.write('wishes', JSON.stringify(form));
    setHeld((before) => ({ ...before, form }));
  }, []);
  const { form, owner } = held;
  return {
    form,
    change: (part) => put({ ...form, ...part }, owner),
    clear: () => {
      put(freshForm(navigator.languages), owner);
      if (owner === null) deviceStorage.write('wishes', null);
    },
    keep: () => {
      if (owner === null) return;
      const profile = profileOf(form);
      // The reply will be this profile. Remembering it now keeps changes that are made before the reply arrives.
      setHeld((before) => ({ ...before, read: JSON.stringify(profile) }));
      account.keepWishes(profile);
    },
    save: async (next) => {
      if (owner !== null) await account.change({ profile: profileOf(next) });
      put(next, owner);
    },
  };
}
