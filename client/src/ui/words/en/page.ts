/** What every page of both apps has. */
export const page = {
  'app.name': 'Passerby',
  'app.language': 'Language',
  'app.theme.system': 'Colours: same as your device',
  'app.theme.dark': 'Colours: dark',
  'app.theme.light': 'Colours: light',
  'app.close': 'Close',
  'app.done': 'Done',
  'app.cancel': 'Cancel',
  'app.site': 'Site',
  'close.reload': 'Reload the page',
  'page.outdated':
    'A part of this page could not be loaded. It was probably updated just now: load the page again.',
  'page.wait': 'One moment',
  'page.try': 'Try again',
} as const;
