import './look';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Api } from './api/client';
import { App } from './App';
import { viewTransitions } from './app/movement';
import { browserSteps } from './app/way-back';
import { browserAddresses } from './app/router/browser-addresses';
import { createServices } from './app/services';
import { createEngine } from './engine';
import { PreferencesProvider } from './parts/PreferencesProvider';
import { LanguageLoader } from './words/LanguageLoader';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no place for the screens');

const services = createServices({
  engine: createEngine(),
  api: new Api(),
  addresses: browserAddresses(),
  movement: viewTransitions,
  steps: browserSteps(),
  leave: (url) => window.location.assign(url),
});

createRoot(root).render(
  <StrictMode>
    <PreferencesProvider>
      <LanguageLoader>
        <App services={services} />
      </LanguageLoader>
    </PreferencesProvider>
  </StrictMode>,
);
