import { Monitor, Moon, Sun } from 'lucide-react';
import { useWords } from '../words';
import { themeAfter } from './preferences';
import { usePreferences } from './PreferencesProvider';

const ICONS = { system: Monitor, dark: Moon, light: Sun } as const;

/** Switches to the next theme; its label names the present one. */
export function ThemeButton({ className = 'ib' }: { className?: string }) {
  const words = useWords();
  const { preferences, prefer } = usePreferences();
  const Icon = ICONS[preferences.theme];
  return (
    <button
      type="button"
      className={className}
      aria-label={words.say(`app.theme.${preferences.theme}`)}
      onClick={() => prefer({ theme: themeAfter(preferences.theme) })}
    >
      <Icon className="i" aria-hidden="true" />
    </button>
  );
}
