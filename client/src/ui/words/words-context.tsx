import { createContext, use, type Context } from 'react';
import type { WordsOf } from './words';

/** A React context for the words of one app (`M`: its English catalogue), and the hook that reads it. */
export function createWordsContext<M>(): {
  WordsContext: Context<WordsOf<M> | null>;
  useWords: () => WordsOf<M>;
} {
  const WordsContext = createContext<WordsOf<M> | null>(null);
  const useWords = (): WordsOf<M> => {
    const words = use(WordsContext);
    if (!words) throw new Error('useWords needs a WordsProvider above it');
    return words;
  };
  return { WordsContext, useWords };
}
