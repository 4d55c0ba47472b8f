import '../src/ui/look';
import { createRoot } from 'react-dom/client';
import { ApiClient } from '../src/api/api-client';
import { App } from '../src/chat/App';
import { viewTransitions } from '../src/chat/screens/view-transitions';
import { agreementAt } from '../src/chat/rules/agreement';
import { preloadPage } from '../src/chat/pages/lazy-pages';
import { createServices } from '../src/chat/services/services';
import { PreferencesProvider } from '../src/ui/preferences/PreferencesProvider';
import { LanguageLoader } from '../src/ui/words/LanguageLoader';
import { WordsProvider } from '../src/ui/words/WordsProvider';
import { CATALOGUES, WordsContext } from '../src/chat/words';
import { memoryHistory } from './memory-history';
import { portraitStream } from './portraits';
import { pseudoCatalogue } from './pseudo-words';
import { FakeApi } from './fake-api';
import { FakeEngine } from './fake-engine';
import { FIXTURES, type Fixture } from './fixtures';

/**
 * `?state=call&theme=light&lang=de` shows one screen; without a state that there is, all of them are listed. `lang=pseudo` has long messages that run from right to left.
 */
const query = new URLSearchParams(window.location.search);
const name = query.get('state') ?? '';
const fixture = FIXTURES[name];
const language = query.get('lang');

// A fixture says what the devices' state is, whatever this browser has been allowed.
navigator.permissions.query = () => Promise.reject(new Error('the gallery has its own devices'));

/** The wishes, the agreement and the preferences that the fixture begins with, where the app looks for them. */
function storeSettings({ stored, agreed = false }: Fixture): void {
  if (agreed) localStorage.setItem('passerby.agreement', JSON.stringify(agreementAt(new Date())));
  else localStorage.removeItem('passerby.agreement');
  localStorage.setItem('passerby.wishes', JSON.stringify(stored ?? { languages: ['en'] }));
  localStorage.setItem(
    'passerby.preferences',
    JSON.stringify({
      theme: query.get('theme') ?? 'system',
      language: language === 'pseudo' ? 'en' : language,
    }),
  );
}

async function showFixture(): Promise<void> {
  const root = document.getElementById('root');
  if (!root || !fixture) return;
  storeSettings(fixture);
  const drawn = query.get('pictures') !== 'plain';
  const streams = { own: await portraitStream('you', drawn), other: await portraitStream('they', drawn) };
  const engine = new FakeEngine(streams, FIXTURES.landing?.state(streams) ?? fixture.state(streams));
  const services = createServices({
    // The gallery adds no history entries: the address of the fixture stays the current one.
    historyEntries: {
      current: () => 'inside',
      push: () => undefined,
      back: () => undefined,
      onPopState: () => () => undefined,
    },
    engine,
    api: new ApiClient(new FakeApi(fixture.cast ?? 'guest').fetch),
    history: memoryHistory(fixture.at ?? '/'),
    transition: viewTransitions,
    preloadPage,
    leave: (url) => window.location.assign(url),
  });
  const { screens } = services;
  if (fixture.meets) engine.show(name);
  if (fixture.meets) screens.search({ mode: fixture.meets });
  else if (name === 'found') engine.show('searching');
  engine.show(name);
  Object.assign(window, { gallery: engine, fixtures: Object.keys(FIXTURES) });
  const app = <App services={services} />;
  const pseudo = pseudoCatalogue();
  createRoot(root).render(
    <PreferencesProvider>
      {language === 'pseudo' ? (
        <WordsProvider
          context={WordsContext}
          language={{ tag: 'en', dir: 'rtl' }}
          catalogue={pseudo}
          locale="en"
        >
          {app}
        </WordsProvider>
      ) : (
        <LanguageLoader catalogues={CATALOGUES} context={WordsContext}>
          {app}
        </LanguageLoader>
      )}
    </PreferencesProvider>,
  );
}

function listFixtures(): void {
  const root = document.getElementById('root');
  if (!root) return;
  const addressOf = (state: string): string => {
    const of = new URLSearchParams(query);
    of.set('state', state);
    return `?${of.toString()}`;
  };
  createRoot(root).render(
    <main style={{ padding: '2rem', overflow: 'auto', height: '100vh' }}>
      <h1>Gallery</h1>
      <ul>
        {Object.keys(FIXTURES).map((state) => (
          <li key={state}>
            <a href={addressOf(state)}>{state}</a>
          </li>
        ))}
      </ul>
    </main>,
  );
}

if (fixture === undefined) listFixtures();
else void showFixture();
