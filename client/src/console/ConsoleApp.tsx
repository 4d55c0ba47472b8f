import { useEffect } from 'react';
import { Brand } from '../ui/parts/Brand';
import { LanguagePicker } from '../ui/preferences/LanguagePicker';
import { ThemeButton } from '../ui/preferences/ThemeButton';
import { useWords } from './words';
import './console.css';

/**
 * The console of moderators: an app of its own, with its own entry, chunks and words, so that nobody who chats loads any
 * of it. It is built from `ui/` and `api/` and imports nothing of the chat app.
 *
 * To add a screen: give it a path in a route table of the console (`new Routes({ cases: '/console/cases/:id' }, …)`),
 * load it with `lazyComponent`, put its words into `console/words`, and add its address to the server's list of pages
 * (`src/http/client`).
 */
export function ConsoleApp() {
  const words = useWords();
  const title = `${words.say('console.document')} · ${words.say('app.name')}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div className="console">
      <header className="top">
        <span className="brand">
          <Brand />
        </span>
        <nav className="top__end" aria-label={words.say('app.site')}>
          <LanguagePicker />
          <ThemeButton />
        </nav>
      </header>
      <main className="console__main">
        <h1 tabIndex={-1}>{words.say('console.heading')}</h1>
        <p>{words.say('console.lead')}</p>
        <a className="btn btn--quiet" href="/">
          {words.say('console.to_chat')}
        </a>
      </main>
    </div>
  );
}
