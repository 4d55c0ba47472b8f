/// <reference lib="dom" />
import { MatchNotifier } from '../../../client/src/chat/tab/match-notifier';

/** The notifications of a browser. `mayPage`: whether a page may make one, or only a service worker. */
function browserWith(permission: NotificationPermission, { mayPage }: { mayPage: boolean }): string[] {
  const shown: string[] = [];
  class FakeNotification {
    static permission = permission;
    static requestPermission(): Promise<NotificationPermission> {
      this.permission = 'granted';
      return Promise.resolve('granted');
    }
    onclick: (() => void) | null = null;
    constructor(title: string) {
      if (!mayPage) throw new TypeError("Failed to construct 'Notification': Illegal constructor.");
      // What is made without the permission is never shown.
      if (FakeNotification.permission === 'granted') shown.push(title);
    }
    close(): void {
      shown.push('closed');
    }
  }
  Object.assign(globalThis, { window: { Notification: FakeNotification }, Notification: FakeNotification });
  return shown;
}
afterEach(() => {
  for (const name of ['window', 'Notification']) Reflect.deleteProperty(globalThis, name);
});

test('M10 a notification is offered where pages may show one, and looking for that shows none', async () => {
  const shown = browserWith('default', { mayPage: true });
  const notifier = new MatchNotifier();
  expect(notifier.access()).toBe('unasked');
  expect(await notifier.ask()).toBe('granted');
  expect(shown).toEqual([]);
  notifier.show('Ada is here', '');
  expect(shown).toEqual(['Ada is here']);
});

test('M10 where only service workers may show one, as on Android, none is offered and nothing is asked', async () => {
  for (const permission of ['default', 'denied'] as const) {
    browserWith(permission, { mayPage: false });
    const notifier = new MatchNotifier();
    expect(notifier.access()).toBe('unsupported');
    expect(await notifier.ask()).toBe('unsupported');
    expect(Notification.permission).toBe(permission);
  }
});

test('M10 where it was permitted before, the first one that fails takes the offer back', () => {
  browserWith('granted', { mayPage: false });
  const notifier = new MatchNotifier();
  expect(notifier.access()).toBe('granted');
  notifier.show('Ada is here', '');
  expect(notifier.access()).toBe('unsupported');
});

test('M10 a browser without notifications is offered none, and one that blocks them says so', () => {
  Object.assign(globalThis, { window: {} });
  expect(new MatchNotifier().access()).toBe('unsupported');
  browserWith('denied', { mayPage: true });
  expect(new MatchNotifier().access()).toBe('denied');
});
