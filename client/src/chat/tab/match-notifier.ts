/** What the browser says about notifications of this page. */
export type NotificationAccess = 'unsupported' | 'unasked' | 'granted' | 'denied';

const ACCESS = { default: 'unasked', granted: 'granted', denied: 'denied' } as const;

/** A notification of the system that somebody has come, for a user who looks at something else. */
export class MatchNotifier {
  private shown: Notification | null = null;

  /** Pages without a secure connection have no notifications, and neither have some browsers. */
  access(): NotificationAccess {
    return 'Notification' in window ? ACCESS[Notification.permission] : 'unsupported';
  }

  /** Browsers ask only during a click. */
  async ask(): Promise<NotificationAccess> {
    if (this.access() === 'unasked') await Notification.requestPermission();
    return this.access();
  }

  show(title: string, body: string): void {
    if (this.access() !== 'granted') return;
    this.close();
    try {
      // The tag makes a later notification replace an earlier one. The page has a sound of its own for a match.
      const options = { body, tag: 'passerby-match', icon: '/icon-192.png', silent: true };
      const shown = new Notification(title, options);
      shown.onclick = () => {
        window.focus();
        shown.close();
      };
      this.shown = shown;
    } catch {
      // Browsers of phones have the class, but only service workers may use it. The two notes still sound.
    }
  }

  close(): void {
    this.shown?.close();
    this.shown = null;
  }
}
