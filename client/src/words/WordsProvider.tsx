import { createContext, use, useEffect, useMemo, type ReactNode } from 'react';
import type { Words } from './words';

const WordsContext = createContext<Words | null>(null);

/** Hands the words to all screens and tells the document which language it is in. */
export function WordsProvider({ words, children }: { words: Words; children: ReactNode }) {
  useEffect(() => {
    document.documentElement.lang = words.language;
    document.documentElement.dir = words.dir;
  }, [words]);
  const value = useMemo(() => words, [words]);
  return <WordsContext value={value}>{children}</WordsContext>;
}

export function useWords(): Words {
  const words = use(WordsContext);
  if (!words) throw new Error('useWords needs a WordsProvider above it');
  return words;
}
