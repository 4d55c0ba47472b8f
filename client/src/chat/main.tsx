import '../ui/look';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiClient } from '../api/api-client';
import { App } from './App';
import { viewTransitions } from './screens/view-transitions';
import { browserHistoryEntries } from './history/history-guard';
import { browserHistory } from '../ui/routing/browser-history';
import { preloadPage } from './pages/lazy-pages';
import { createServices } from './services/services';
import { createEngine } from './engine';
import { PreferencesProvider } from '../ui/preferences/PreferencesProvider';
import { LanguageLoader } from '../ui/words/LanguageLoader';
import { CATALOGUES, WordsContext } from './words';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root element');

const engine = createEngine();
const services = createServices({
  engine,
  api: new ApiClient(),
  history: browserHistory(),
  transition: viewTransitions,
  historyEntries: browserHistoryEntries(),
  preloadPage,
  leave: (url) => window.location.assign(url),
});

engine.start();
createRoot(root).render(
  <StrictMode>
    <PreferencesProvider>
      <LanguageLoader catalogues={CATALOGUES} context={WordsContext}>
        <App services={services} />
      </LanguageLoader>
    </PreferencesProvider>
  </StrictMode>,
);
