import type { Translation } from '../../../ui/words/catalogue';
import { de as shared } from '../../../ui/words/de';
import type { en } from '../en';

export const de: Translation<typeof en> = {
  ...shared,
  'console.document': 'Moderation',
  'console.heading': 'Die Moderation ist nicht Teil dieser Fassung',
  'console.lead': 'Meldungen werden aufbewahrt, bis es sie gibt. Menschen treffen geht wie immer.',
  'console.to_chat': 'Zum Gespräch',
};
