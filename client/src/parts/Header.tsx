import { Keyboard, Monitor, Moon, Settings, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { useWords } from '../words/WordsProvider';
import { LanguagePicker } from './LanguagePicker';
import { Link } from './Link';
import { Mark } from './Mark';
import { Menu } from './Menu';
import { usePreferences } from './PreferencesProvider';
import { useLocation } from './ServicesProvider';
import { themeAfter } from '../app/preferences';

const THEME_ICONS = { system: Monitor, dark: Moon, light: Sun } as const;

/** The brand, and what can be set from any screen outside a call. */
export function Header({
  children,
  menu = true,
  onSettings,
  onKeys,
}: {
  children?: ReactNode;
  /** Whether other pages may be gone to; a search is not to be lost by a slip. */
  menu?: boolean;
  onSettings?: () => void;
  onKeys: () => void;
}) {
  const words = useWords();
  const { preferences, prefer } = usePreferences();
  const { place } = useLocation();
  const ThemeIcon = THEME_ICONS[preferences.theme];
  return (
    <header className="top">
      {menu && place !== 'home' ? (
        <Link to="home" className="brand">
          <Brand />
        </Link>
      ) : (
        <span className="brand">
          <Brand />
        </span>
      )}
      {children}
      <nav className="top__end" aria-label={words.say('app.site')}>
        <button type="button" className="ib top__wide" aria-label={words.say('keys.open')} onClick={onKeys}>
          <Keyboard className="i" aria-hidden="true" />
        </button>
        <LanguagePicker />
        <button
          type="button"
          className={onSettings ? 'ib top__roomy' : 'ib'}
          aria-label={words.say(`app.theme.${preferences.theme}`)}
          onClick={() => prefer({ theme: themeAfter(preferences.theme) })}
        >
          <ThemeIcon className="i" aria-hidden="true" />
        </button>
        {onSettings ? (
          <button type="button" className="ib" aria-label={words.say('app.settings')} onClick={onSettings}>
            <Settings className="i" aria-hidden="true" />
          </button>
        ) : null}
        {menu ? <Menu /> : null}
      </nav>
    </header>
  );
}

function Brand() {
  const words = useWords();
  return (
    <>
      <Mark />
      {words.say('app.name')}
    </>
  );
}
