import type { Translation } from '../../../ui/words/catalogue';
import type { devices as source } from '../en/devices';

export const devices: Translation<typeof source> = {
  'device.camera.no_answer': 'Dein Browser hat die Kamera noch nicht geöffnet',
  'device.camera.interrupted': 'Dein Gerät hat die Kamera angehalten',
  'device.microphone.no_answer': 'Dein Browser hat das Mikrofon noch nicht geöffnet',
  'device.microphone.interrupted': 'Dein Gerät hat das Mikrofon angehalten',
  'device.microphone.silent': 'Von deinem Mikrofon kommt kein Ton. Ist es am Gerät ausgeschaltet?',
  'device.microphone.replaced': 'Dein Mikrofon wurde getrennt. Jetzt wird ein anderes benutzt.',
  'device.how.no_answer.1':
    'Such nach einer Frage deines Browsers, oft neben der Adresszeile, und erlaube den Zugriff.',
  'device.how.no_answer.2':
    'Gibt es keine, schließ andere Programme, die das Gerät benutzen, und drück auf Noch einmal versuchen.',
  'devices.heading': 'Geräte',
  'devices.open': 'Geräte wählen',
  'settings.speaker': 'Lautsprecher',
  'settings.speaker.default': 'Wie auf deinem Gerät eingestellt',
  'settings.speaker.nth': 'Lautsprecher {count}',
  'settings.choose': 'Bitte auswählen',
  'you.camera_paused': 'Kamera vom Gerät angehalten',
  'you.microphone_paused': 'Mikrofon vom Gerät angehalten',
};
