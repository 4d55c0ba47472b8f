import '../src/look';
import { createRoot } from 'react-dom/client';
import { Api } from '../src/api/client';
import { App } from '../src/App';
import { viewTransitions } from '../src/app/movement';
import { createServices } from '../src/app/services';
import { PreferencesProvider } from '../src/parts/PreferencesProvider';
import { LanguageLoader } from '../src/words/LanguageLoader';
import { WordsProvider } from '../src/words/WordsProvider';
import { memoryAddresses } from './memory-addresses';
import { portraitStream } from './portraits';
import { pseudoWords } from './pseudo-words';
import { RehearsalApi } from './rehearsal-api';
import { RehearsalEngine } from './rehearsal-engine';
import { SCENES } from './scenes';

/** `?state=call&theme=light&lang=de` shows one screen; `lang=pseudo` is long and runs from right to left. */
const query = new URLSearchParams(window.location.search);
const name = query.get('state') ?? 'landing';
const scene = SCENES[name] ?? SCENES.landing;
const language = query.get('lang');

// Scenes show devices as they are written down, whatever this browser has been allowed.
navigator.permissions.query = () => Promise.reject(new Error('rehearsal'));

async function rehearse(): Promise<void> {
  const root = document.getElementById('root');
  if (!root || !scene) return;
  localStorage.setItem('passerby.wishes', JSON.stringify(scene.stored ?? { languages: ['en'] }));
  localStorage.setItem(
    'passerby.preferences',
    JSON.stringify({
      theme: query.get('theme') ?? 'system',
      language: language === 'pseudo' ? 'en' : language,
    }),
  );
  const drawn = query.get('pictures') !== 'plain';
  const streams = { own: await portraitStream('you', drawn), other: await portraitStream('they', drawn) };
  const engine = new RehearsalEngine(streams, SCENES.landing?.state(streams) ?? scene.state(streams));
  const services = createServices({
    // The scene is in the address, so there is nothing to go back to.
    steps: { at: () => 'inside', put: () => undefined, back: () => undefined, onMove: () => () => undefined },
    engine,
    api: new Api(new RehearsalApi(scene.cast ?? 'guest').fetch),
    addresses: memoryAddresses(scene.at ?? '/'),
    movement: viewTransitions,
    leave: (url) => window.location.assign(url),
  });
  const { stage } = services;
  if (scene.meets) engine.show(name);
  if (scene.meets) stage.meet({ mode: scene.meets });
  else if (name === 'found') engine.show('searching');
  engine.show(name);
  Object.assign(window, { rehearsal: engine, scenes: Object.keys(SCENES) });
  const app = <App services={services} />;
  createRoot(root).render(
    <PreferencesProvider>
      {language === 'pseudo' ? (
        <WordsProvider words={pseudoWords()}>{app}</WordsProvider>
      ) : (
        <LanguageLoader>{app}</LanguageLoader>
      )}
    </PreferencesProvider>,
  );
}

void rehearse();
