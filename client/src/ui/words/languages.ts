import type { Messages } from './catalogue';

export type LanguageTag = 'en' | 'de';

export interface Language {
  /** BCP 47; also the value of the `lang` attribute. */
  readonly tag: LanguageTag;
  /** The language's name for itself, so that people find it whatever language is shown. */
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
}

const SOURCE: Language = { tag: 'en', name: 'English', dir: 'ltr' };

export const LANGUAGES: readonly Language[] = [SOURCE, { tag: 'de', name: 'Deutsch', dir: 'ltr' }];

/**
 * One app's catalogue in each language. Translations load when they are needed, so that nobody downloads a language
 * that they do not read, nor the messages of the other app.
 */
export type Catalogues = Readonly<Record<LanguageTag, () => Promise<Messages>>>;

const primary = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

/** The chosen language, else the first language of the browser that has a catalogue, else English. */
export function pickLanguage(chosen: string | null, wanted: readonly string[]): Language {
  const tags = chosen === null ? wanted : [chosen, ...wanted];
  for (const tag of tags) {
    const found = LANGUAGES.find((language) => primary(language.tag) === primary(tag));
    if (found) return found;
  }
  return SOURCE;
}

/** The browser's regional variant of a language, such as British English, for dates, times and amounts. */
export function pickLocale(tag: string, wanted: readonly string[]): string {
  const own = wanted.find((one) => primary(one) === primary(tag));
  try {
    return (own === undefined ? undefined : Intl.getCanonicalLocales(own)[0]) ?? tag;
  } catch {
    return tag;
  }
}
