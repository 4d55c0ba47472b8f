import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { deviceStorage } from '../../storage/browser-storage';
import { readPreferences, type Preferences } from './preferences';

interface Preferring {
  preferences: Preferences;
  prefer: (change: Partial<Preferences>) => void;
}

const PreferencesContext = createContext<Preferring | null>(null);

/** Stores the user's preferences and applies the theme to the document. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [preferences, setPreferences] = useState(() => readPreferences(deviceStorage.read('preferences')));
  const prefer = useCallback((change: Partial<Preferences>) => {
    setPreferences((before) => {
      const after = { ...before, ...change };
      deviceStorage.write('preferences', JSON.stringify(after));
      return after;
    });
  }, []);
  useEffect(() => {
    const root = document.documentElement;
    if (preferences.theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = preferences.theme;
  }, [preferences.theme]);
  const value = useMemo(() => ({ preferences, prefer }), [preferences, prefer]);
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}

export function usePreferences(): Preferring {
  const preferring = use(PreferencesContext);
  if (!preferring) throw new Error('usePreferences needs a PreferencesProvider above it');
  return preferring;
}
