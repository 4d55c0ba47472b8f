import type { Catalogues } from '../../ui/words/languages';
import { createWordsContext } from '../../ui/words/words-context';
import { en } from './en';

export const { WordsContext, useWords } = createWordsContext<typeof en>();

export const CATALOGUES: Catalogues = {
  en: () => Promise.resolve(en),
  de: async () => (await import('./de')).de,
};
