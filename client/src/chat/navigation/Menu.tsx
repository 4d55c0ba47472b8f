import { ChevronDown } from 'lucide-react';
import { useEffect, useId, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { menuAction } from '../../ui/parts/menu-navigation';
import { MENU } from './routes';
import { useWords } from '../words';
import { Link } from './Link';
import { useLocation, useMe } from '../services/ServicesProvider';
import './menu.css';

/** The user's name, and a menu of links to the pages. */
export function Menu() {
  const words = useWords();
  const me = useMe();
  const { route } = useLocation();
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const name = me?.name ?? words.say('menu.guest');
  const isGuest = me === null || me.isAnonymous;

  useEffect(() => {
    if (!open) return undefined;
    const closeOutside = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [open]);

  const links = (): HTMLElement[] => [...(root.current?.querySelectorAll<HTMLElement>('a') ?? [])];

  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      setOpen(true);
      requestAnimationFrame(() => links()[0]?.focus());
      return;
    }
    const all = links();
    const move = menuAction(event.key, all.indexOf(document.activeElement as HTMLElement), all.length);
    if (!move) return;
    event.preventDefault();
    if (move.is === 'focus') all[move.index]?.focus();
    else {
      setOpen(false);
      button.current?.focus();
    }
  };

  const closeWhenLeft = (event: FocusEvent) => {
    if (event.relatedTarget instanceof Node && !root.current?.contains(event.relatedTarget)) setOpen(false);
  };

  return (
    <div ref={root} className="menu" role="presentation" onKeyDown={onKeyDown} onBlur={closeWhenLeft}>
      <button
        ref={button}
        type="button"
        className="menu__button"
        data-testid="menu-button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <span className="menu__form" aria-hidden="true">
          {Array.from(name)[0]}
        </span>
        <span className="menu__who">{name}</span>
        <span className="sr">{words.say('menu.open')}</span>
        <ChevronDown className="i" aria-hidden="true" />
      </button>
      {open ? (
        <div id={id} className="menu__list" role="group" aria-label={words.say('menu.name')}>
          <p className="menu__me">
            <b>{name}</b>
            {isGuest ? words.say('menu.guest.more') : me.email}
          </p>
          <ul>
            {route === 'home' ? null : (
              <li>
                <Link to="home" testId="menu-home" onFollow={() => setOpen(false)}>
                  {words.say('page.home')}
                </Link>
              </li>
            )}
            {MENU.map((to) => (
              <li key={to}>
                <Link to={to} testId={`menu-${to}`} current={route === to} onFollow={() => setOpen(false)}>
                  {words.say(to === 'account' && isGuest ? 'menu.log_in' : `page.${to}`)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}
