/** As much of a browser as the engine's socket needs: a window with events and timers, a store, a state of the network. */
export interface BrowserDoubles {
  readonly stored: Map<string, string>;
  /** The machine gains or loses its network. */
  goes(state: 'online' | 'offline'): void;
  /** The page is shown or hidden. */
  becomes(state: 'visible' | 'hidden'): void;
  /** The page comes out of the browser's cache of pages that were left. */
  comesBack(): void;
  restore(): void;
}

export function installBrowserDoubles(webSocket?: unknown): BrowserDoubles {
  const stored = new Map<string, string>();
  const events = new EventTarget();
  const network = { onLine: true };
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const doubles: Record<string, unknown> = {
    window: {
      addEventListener: events.addEventListener.bind(events),
      removeEventListener: events.removeEventListener.bind(events),
      // Looked up at each call, so that a fake clock may be put in their place at any time.
      setTimeout: (task: () => void, ms: number) => setTimeout(task, ms),
      clearTimeout: (timer: ReturnType<typeof setTimeout> | undefined) => clearTimeout(timer),
    },
    sessionStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    },
    navigator: network,
    document: page,
    // Node's own would keep the process open.
    BroadcastChannel: undefined,
    ...(webSocket === undefined ? {} : { WebSocket: webSocket }),
  };
  const before = Object.keys(doubles).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const [name, value] of Object.entries(doubles)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return {
    stored,
    goes: (state) => {
      network.onLine = state === 'online';
      events.dispatchEvent(new Event(state));
    },
    becomes: (state) => {
      page.visibilityState = state;
      page.dispatchEvent(new Event('visibilitychange'));
    },
    comesBack: () => events.dispatchEvent(new Event('pageshow')),
    restore: () => {
      for (const [name, descriptor] of before) {
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
        else Reflect.deleteProperty(globalThis, name);
      }
    },
  };
}
