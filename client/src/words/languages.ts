import type { Catalogue } from './catalogue';
import { en } from './en';

export interface Language {
  /** BCP 47; also the value of the `lang` attribute. */
  readonly tag: string;
  /** Its own name for itself, so that a person finds it whatever language is shown. */
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  /** Loaded when it is needed, so that nobody downloads languages they do not read. */
  readonly load: () => Promise<Catalogue>;
}

export const LANGUAGES: readonly Language[] = [
  { tag: 'en', name: 'English', dir: 'ltr', load: () => Promise.resolve(en) },
  { tag: 'de', name: 'Deutsch', dir: 'ltr', load: async () => (await import('./de')).de },
];

const SOURCE = LANGUAGES[0] as Language;

const primary = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

/** The language a person chose, else the first of their browser's that we have, else English. */
export function pickLanguage(chosen: string | null, wanted: readonly string[]): Language {
  const tags = chosen === null ? wanted : [chosen, ...wanted];
  for (const tag of tags) {
    const found = LANGUAGES.find((language) => primary(language.tag) === primary(tag));
    if (found) return found;
  }
  return SOURCE;
}

/** The browser's own kind of a language, for how days, times and amounts are written: British English, say. */
export function pickLocale(tag: string, wanted: readonly string[]): string {
  const own = wanted.find((one) => primary(one) === primary(tag));
  try {
    return (own === undefined ? undefined : Intl.getCanonicalLocales(own)[0]) ?? tag;
  } catch {
    return tag;
  }
}
