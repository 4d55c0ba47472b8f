import '../ui/look';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { PreferencesProvider } from '../ui/preferences/PreferencesProvider';
import { LanguageLoader } from '../ui/words/LanguageLoader';
import { ConsoleApp } from './ConsoleApp';
import { CATALOGUES, WordsContext } from './words';

const root = document.getElementById('root');
if (!root) throw new Error('console.html has no #root element');

createRoot(root).render(
  <StrictMode>
    <PreferencesProvider>
      <LanguageLoader catalogues={CATALOGUES} context={WordsContext}>
        <ConsoleApp />
      </LanguageLoader>
    </PreferencesProvider>
  </StrictMode>,
);
