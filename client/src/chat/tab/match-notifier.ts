/** What the browser says about notifications of this page. */
export type NotificationAccess = 'unsupported' | 'unasked' | 'granted' | 'denied';

const ACCESS = { default: 'unasked', granted: 'granted', denied: 'denied' } as const;

/**
 * Without the permission, making a notification shows nothing, but it throws where pages may make none. With the
 * permission it would show one, so only the first real one tells.
 */
function worksBeforeAsking(): boolean | null {
  if (Notification.permission === 'granted') return null;
  try {
    new Notification('');
    return true;
  } catch {
    return false;
  }
}

/** A notification of the system that somebody has come, for a user who looks at something else. */
export class MatchNotifier {
  private shown: Notification | null = null;
  /** Whether a page may show one; null while that is not known. */
  private works: boolean | null = null;

  /**
   * Pages without a secure connection have no notifications, and neither have some browsers. Browsers of phones have the
   * class, but only service workers may use it.
   */
  access(): NotificationAccess {
    if (!('Notification' in window)) return 'unsupported';
    this.works ??= worksBeforeAsking();
    return this.works === false ? 'unsupported' : ACCESS[Notification.permission];
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
      // It was permitted on an earlier visit, so nobody could find out before. The two notes still sound.
      this.works = false;
    }
  }

  close(): void {
    this.shown?.close();
    this.shown = null;
  }
}
