/** The browser's history, as far as a step back inside of a call is concerned. */
export interface Steps {
  /** The entry that is on: the one that `put` added, the one below it, or any other. */
  at(): 'inside' | 'below' | 'elsewhere';
  /** Adds an entry for the same page, so that Back leads out of it and not out of the page. */
  put(): void;
  /** Goes one entry back. */
  back(): void;
  /** The person (or `back`) went to another entry of this page. */
  onMove(listener: () => void): () => void;
}

export function browserSteps(): Steps {
  const { history } = window;
  return {
    at: () => {
      const state: unknown = history.state;
      const mark = typeof state === 'object' && state !== null && 'passerby' in state ? state.passerby : null;
      return mark === 'inside' || mark === 'below' ? mark : 'elsewhere';
    },
    put: () => {
      history.replaceState({ passerby: 'below' }, '');
      history.pushState({ passerby: 'inside' }, '');
    },
    back: () => history.back(),
    onMove: (listener) => {
      window.addEventListener('popstate', listener);
      return () => window.removeEventListener('popstate', listener);
    },
  };
}

/**
 * Lets Back lead from a search or a call to its beginning instead of out of the page. The question whether to leave a
 * call can then be asked in place; the browser's own would also stand in the way of a reload, which costs nothing here.
 *
 * A call that ends in another way leaves its entry where it is, for the next one, and a later Back passes it over.
 * It is not taken back at once: a step of ours in the history ends whatever page the person is on the way to.
 */
export class WayBack {
  private isInside = false;
  private at: ReturnType<Steps['at']>;
  private readonly stopListening: () => void;

  constructor(
    private readonly steps: Steps,
    /** Back was pressed inside. Whether that has led out; if not, it is to be asked for again. */
    private readonly leave: () => boolean,
  ) {
    this.at = steps.at();
    this.stopListening = steps.onMove(() => this.moved());
  }

  /** A search or a call is on, or neither. */
  inside(isInside: boolean): void {
    if (this.isInside === isInside) return;
    this.isInside = isInside;
    if (!isInside) return;
    if (this.steps.at() !== 'inside') this.steps.put();
    this.at = 'inside';
  }

  close(): void {
    this.stopListening();
  }

  private moved(): void {
    const from = this.at;
    this.at = this.steps.at();
    if (this.at === 'inside') return;
    if (this.isInside) this.askToLeave();
    else if (from === 'inside' && this.at === 'below') this.steps.back();
  }

  private askToLeave(): void {
    if (this.leave() || !this.isInside) return;
    this.steps.put();
    this.at = 'inside';
  }
}
