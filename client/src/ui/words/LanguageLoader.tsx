import { useEffect, useState, type Context, type ReactNode } from 'react';
import { usePreferences } from '../preferences/PreferencesProvider';
import type { UiMessages } from '.';
import type { Messages } from './catalogue';
import { pickLanguage, pickLocale, type Catalogues, type Language } from './languages';
import type { WordsOf } from './words';
import { WordsProvider } from './WordsProvider';

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
  const [loaded, setLoaded] = useState<{ language: Language; catalogue: Messages } | null>(null);
  const language = pickLanguage(preferences.language, navigator.languages);
  useEffect(() => {
    let wanted = true;
    const load = async () => {
      try {
        return { language, catalogue: await catalogues[language.tag]() };
      } catch {
        return { language: pickLanguage('en', []), catalogue: await catalogues.en() };
      }
    };
    void load().then((result) => {
      if (wanted) setLoaded(result);
    });
    return () => {
      wanted = false;
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
