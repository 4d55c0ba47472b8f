import type { Translation } from '../catalogue';
import type { page as source } from '../en/page';

export const page: Translation<typeof source> = {
  'app.name': 'Passerby',
  'app.language': 'Sprache',
  'app.theme.system': 'Farben: wie dein Gerät',
  'app.theme.dark': 'Farben: dunkel',
  'app.theme.light': 'Farben: hell',
  'app.close': 'Schließen',
  'app.done': 'Fertig',
  'app.cancel': 'Abbrechen',
  'app.site': 'Seite',
  'close.reload': 'Seite neu laden',
  'page.outdated':
    'Ein Teil dieser Seite konnte nicht geladen werden. Vermutlich wurde sie gerade erneuert: Lade sie neu.',
  'page.wait': 'Einen Moment',
  'page.try': 'Noch einmal versuchen',
};
