import './look';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { viewTransitions } from './app/movement';
import { Stage } from './app/stage';
import { createEngine } from './engine';
import { PreferencesProvider } from './parts/PreferencesProvider';
import { LanguageLoader } from './words/LanguageLoader';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no place for the screens');

const engine = createEngine();
const stage = new Stage(engine, viewTransitions);

createRoot(root).render(
  <StrictMode>
    <PreferencesProvider>
      <LanguageLoader>
        <App stage={stage} />
      </LanguageLoader>
    </PreferencesProvider>
  </StrictMode>,
);
