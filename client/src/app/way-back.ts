/** The browser's history, as far as a step back inside of a call is concerned. */
export interface Steps {
  /** Whether the entry that is on was put there by `put`. */
  isOurs(): boolean;
  /** Adds an entry for the same page, so that Back leads out of it and not out of the page. */
  put(): void;
  /** Goes one entry back. */
  back(): void;
  /** The person (or `back`) went to another entry of this page. */
  onMove(listener: () => void): () => void;
}

export function browserSteps(): Steps {
  const { history } = window;
  const ours = { passerby: 'inside' } as const;
  return {
    isOurs: () => (history.state as Partial<typeof ours> | null)?.passerby === ours.passerby,
    put: () => history.pushState(ours, ''),
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
 */
export class WayBack {
  private isInside = false;
  private readonly stopListening: () => void;

  constructor(
    private readonly steps: Steps,
    /** Back was pressed inside. Whether that has led out; if not, it is to be asked for again. */
    private readonly leave: () => boolean,
  ) {
    this.stopListening = steps.onMove(() => this.moved());
  }

  /** A search or a call is on, or neither. */
  inside(isInside: boolean): void {
    if (this.isInside === isInside) return;
    this.isInside = isInside;
    if (isInside) {
      if (!this.steps.isOurs()) this.steps.put();
      return;
    }
    // Later, since what ended it may go to another page in the same turn, and that page must stay.
    setTimeout(() => {
      if (!this.isInside && this.steps.isOurs()) this.steps.back();
    });
  }

  close(): void {
    this.stopListening();
  }

  private moved(): void {
    if (!this.isInside || this.steps.isOurs()) return;
    if (!this.leave() && this.isInside) this.steps.put();
  }
}
