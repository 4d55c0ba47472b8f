import { useEffect, useState, type ReactNode } from 'react';
import { usePreferences } from '../parts/PreferencesProvider';
import { pickLanguage, pickLocale } from './languages';
import { makeWords, type Words } from './words';
import { WordsProvider } from './WordsProvider';

/** Shows the page in the chosen language as soon as its catalogue is there, and keeps the old one until then. */
export function LanguageLoader({ children }: { children: ReactNode }) {
  const { preferences } = usePreferences();
  const [words, setWords] = useState<Words | null>(null);
  const language = pickLanguage(preferences.language, navigator.languages);
  useEffect(() => {
    let wanted = true;
    void language.load().then((catalogue) => {
      if (wanted) {
        setWords(
          makeWords(language.tag, language.dir, catalogue, pickLocale(language.tag, navigator.languages)),
        );
      }
    });
    return () => {
      wanted = false;
    };
  }, [language]);
  return words ? <WordsProvider words={words}>{children}</WordsProvider> : null;
}
