/** Listeners of some or all of the events `E`, an interface of methods. */
export interface EventSource<E extends object> {
  on(listener: Partial<E>): void;
}

/**
 * Typed events with many listeners. Listeners are called in the order in which they were added; where that order
 * matters, the code that adds them says why. A listener must not throw.
 */
export class EventEmitter<E extends object> implements EventSource<E> {
  private readonly listeners: Partial<E>[] = [];

  on(listener: Partial<E>): void {
    this.listeners.push(listener);
  }

  /** Calls `call` with each listener; it invokes one of the events: `emit((l) => l.opened?.(call))`. */
  emit(call: (listener: Partial<E>) => void): void {
    for (const listener of this.listeners) call(listener);
  }
}
