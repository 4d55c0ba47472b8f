import { useEffect, useState, type Context, type ReactNode } from 'react';
import { usePreferences } from '../preferences/PreferencesProvider';
import type { UiMessages } from '.';
import type { Messages } from './catalogue';
import { pickLanguage, pickLocale, type Catalogues, type Language } from './languages';
import type { WordsOf } from './words';
import { WordsProvider } from './WordsProvider';

/** How long the page waits for the words of a language until it is shown in English. */
const PATIENCE_MS = 2_500;

interface Loaded {
  readonly language: Language;
  readonly catalogue: Messages;
}

/**
 * Shows the app in the chosen language as soon as its catalogue is loaded, and keeps the previous one until then. A
 * translation that cannot be loaded is replaced by English, which is part of each app and always there.
 */
export function LanguageLoader<M extends Messages & UiMessages>({
  catalogues,
  context,
  children,
}: {
  catalogues: Catalogues;
  context: Context<WordsOf<M> | null>;
  children: ReactNode;
}) {
  const { preferences } = usePreferences();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const language = pickLanguage(preferences.language, navigator.languages);
  useEffect(() => {
    let wanted = true;
    const show = (result: Loaded) => {
      if (wanted) setLoaded(result);
    };
    const inEnglish = async () => ({ language: pickLanguage('en', []), catalogue: await catalogues.en() });
    const load = async () => ({ language, catalogue: await catalogues[language.tag]() });
    // A catalogue that takes long must not keep the page blank. The words change when it comes after all.
    const timer = setTimeout(
      () => void inEnglish().then((english) => setLoaded((before) => before ?? english)),
      PATIENCE_MS,
    );
    void load()
      .catch(inEnglish)
      .then(show)
      .finally(() => clearTimeout(timer));
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [catalogues, language]);
  if (!loaded) return null;
  return (
    <WordsProvider
      context={context}
      language={loaded.language}
      catalogue={loaded.catalogue}
      locale={pickLocale(loaded.language.tag, navigator.languages)}
    >
      {children}
    </WordsProvider>
  );
}
