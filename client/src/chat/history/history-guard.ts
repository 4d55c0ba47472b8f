/** The part of the browser's history that the guard needs. */
export interface HistoryEntries {
  /** The current entry: the one that `push` added, the one below it, or any other. */
  current(): 'inside' | 'below' | 'elsewhere';
  /** Adds an entry for the same page, so that Back leads to the entry below instead of leaving the page. */
  push(): void;
  /** Goes one entry back. */
  back(): void;
  /** Calls back when the user (or `back`) went to another entry of this page. */
  onPopState(listener: () => void): () => void;
}

export function browserHistoryEntries(): HistoryEntries {
  const { history } = window;
  return {
    current: () => {
      const state: unknown = history.state;
      const mark = typeof state === 'object' && state !== null && 'passerby' in state ? state.passerby : null;
      return mark === 'inside' || mark === 'below' ? mark : 'elsewhere';
    },
    push: () => {
      history.replaceState({ passerby: 'below' }, '');
      history.pushState({ passerby: 'inside' }, '');
    },
    back: () => history.back(),
    onPopState: (listener) => {
      window.addEventListener('popstate', listener);
      return () => window.removeEventListener('popstate', listener);
    },
  };
}

/**
 * Makes Back end a search or a call instead of leaving the page, so that the app itself can ask before it ends a
 * call. (`beforeunload` would also ask before a reload, after which a call simply goes on.)
 *
 * A call that ends in another way leaves its history entry in place for the next call, and a later Back skips it. The
 * entry is not removed at once, because `history.back()` would cancel a navigation that the user has just begun.
 */
export class HistoryGuard {
  private isInside = false;
  private at: ReturnType<HistoryEntries['current']>;
  private readonly stopListening: () => void;

  constructor(
    private readonly entries: HistoryEntries,
    /** Back was pressed during a search or a call. Returns whether it has ended; if not, the entry is added again. */
    private readonly leave: () => boolean,
  ) {
    this.at = entries.current();
    this.stopListening = entries.onPopState(() => this.moved());
  }

  /** Says whether a search or a call is going on. */
  inside(isInside: boolean): void {
    if (this.isInside === isInside) return;
    this.isInside = isInside;
    if (!isInside) return;
    if (this.entries.current() !== 'inside') this.entries.push();
    this.at = 'inside';
  }

  close(): void {
    this.stopListening();
  }

  private moved(): void {
    const from = this.at;
    this.at = this.entries.current();
    if (this.at === 'inside') return;
    if (this.isInside) this.askToLeave();
    else if (from === 'inside' && this.at === 'below') this.entries.back();
  }

  private askToLeave(): void {
    if (this.leave() || !this.isInside) return;
    this.entries.push();
    this.at = 'inside';
  }
}
