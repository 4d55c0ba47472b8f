import { Keyboard, Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import { Brand } from '../../ui/parts/Brand';
import { LanguagePicker } from '../../ui/preferences/LanguagePicker';
import { ThemeButton } from '../../ui/preferences/ThemeButton';
import { useLocation } from '../services/ServicesProvider';
import { useWords } from '../words';
import { Link } from './Link';
import { Menu } from './Menu';

/** The header of every screen outside a call: the brand, the settings and the menu. */
export function Header({
  children,
  menu = true,
  onSettings,
  onKeys,
}: {
  children?: ReactNode;
  /** Whether the header links to other pages. During a search it does not, so that nobody leaves it by mistake. */
  menu?: boolean;
  onSettings?: () => void;
  onKeys: () => void;
}) {
  const words = useWords();
  const { route } = useLocation();
  return (
    <header className="top">
      {menu && route !== 'home' ? (
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
        <ThemeButton className={onSettings ? 'ib top__roomy' : 'ib'} />
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
