export type Theme = 'system' | 'dark' | 'light';

/** What a person set for this page, kept in their browser and nowhere else. */
export interface Preferences {
  theme: Theme;
  /** Null follows the browser. */
  language: string | null;
  /** Single letters work as keys. */
  letters: boolean;
}

const DEFAULTS: Preferences = { theme: 'system', language: null, letters: true };

const THEMES: readonly Theme[] = ['system', 'dark', 'light'];

/** The next theme when the button in the header is pressed. */
export const themeAfter = (theme: Theme): Theme =>
  THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';

/** Reads stored preferences; whatever is missing or odd falls back to its default. */
export function readPreferences(stored: string | null): Preferences {
  let value: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(stored ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) value = parsed;
  } catch {
    // What cannot be read counts as not stored.
  }
  return {
    theme: THEMES.find((theme) => theme === value.theme) ?? DEFAULTS.theme,
    language: typeof value.language === 'string' ? value.language : DEFAULTS.language,
    letters: typeof value.letters === 'boolean' ? value.letters : DEFAULTS.letters,
  };
}
