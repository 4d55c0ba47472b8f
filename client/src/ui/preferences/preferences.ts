export type Theme = 'system' | 'dark' | 'light';

/** The user's settings for this page. They are stored in the browser only. */
export interface Preferences {
  theme: Theme;
  /** Null means the language of the browser. */
  language: string | null;
  /** Whether single letters are keyboard shortcuts. */
  letters: boolean;
  /** Whether the system shows a notification when somebody comes while the tab is hidden. */
  notify: boolean;
  /** Whether a match and a message are heard. */
  sounds: boolean;
  /** Whether the country that the user has given is shown to people who show theirs. */
  showCountry: boolean;
}

const DEFAULTS: Preferences = {
  theme: 'system',
  language: null,
  letters: true,
  notify: false,
  sounds: true,
  showCountry: false,
};

const THEMES: readonly Theme[] = ['system', 'dark', 'light'];

/** The next theme when the button in the header is pressed. */
export const themeAfter = (theme: Theme): Theme =>
  THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';

/** Reads stored preferences. A missing or invalid value is replaced by its default. */
export function readPreferences(stored: string | null): Preferences {
  let value: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(stored ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) value = parsed;
  } catch {
    // Stored text that is not JSON is treated as missing.
  }
  return {
    theme: THEMES.find((theme) => theme === value.theme) ?? DEFAULTS.theme,
    language: typeof value.language === 'string' ? value.language : DEFAULTS.language,
    letters: typeof value.letters === 'boolean' ? value.letters : DEFAULTS.letters,
    notify: typeof value.notify === 'boolean' ? value.notify : DEFAULTS.notify,
    sounds: typeof value.sounds === 'boolean' ? value.sounds : DEFAULTS.sounds,
    showCountry: value.showCountry === true,
  };
}
