import type { KeyOf, PlainKeyOf } from '../../ui/words/catalogue';
import type { Catalogues } from '../../ui/words/languages';
import type { WordsOf } from '../../ui/words/words';
import { createWordsContext } from '../../ui/words/words-context';
import { en } from './en';

/** Everything the chat app says, the messages that it shares with the console included. */
export type ChatMessages = typeof en;
export type Key = KeyOf<ChatMessages>;
export type PlainKey = PlainKeyOf<ChatMessages>;
export type Words = WordsOf<ChatMessages>;

export const { WordsContext, useWords } = createWordsContext<ChatMessages>();

export const CATALOGUES: Catalogues = {
  en: () => Promise.resolve(en),
  de: async () => (await import('./de')).de,
};
