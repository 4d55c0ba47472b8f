import type { KeyOf, PlainKeyOf } from './catalogue';
import type { en } from './en';
import type { WordsOf } from './words';
import { createWordsContext } from './words-context';

/** The messages that both apps share: all that `ui/` itself can say. */
export type UiMessages = typeof en;
export type Key = KeyOf<UiMessages>;
export type PlainKey = PlainKeyOf<UiMessages>;
export type Words = WordsOf<UiMessages>;

export const { WordsContext, useWords } = createWordsContext<UiMessages>();
