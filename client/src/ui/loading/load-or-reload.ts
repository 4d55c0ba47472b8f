/** Where this tab remembers that it has reloaded because a part of the app could not be loaded. */
const KEY = 'passerby.reloaded';

/** A part of the app that could not be loaded, after everything was tried. */
export class LoadError extends Error {
  constructor(
    /** The server answers, so the part is gone from it; otherwise there is no way to the server. */
    readonly isServerReachable: boolean,
    options: ErrorOptions,
  ) {
    super('a part of the app could not be loaded', options);
  }
}

/** What the loader needs of the browser. */
export interface ReloadPort {
  isServerReachable(): Promise<boolean>;
  hasReloaded(): boolean;
  setReloaded(reloaded: boolean): void;
  reload(): void;
}

export const browserReloadPort: ReloadPort = {
  isServerReachable: () =>
    fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
      ({ ok }) => ok,
      () => false,
    ),
  hasReloaded: () => {
    try {
      return sessionStorage.getItem(KEY) !== null;
    } catch {
      // A tab that cannot remember a reload must not begin one: it could reload for ever.
      return true;
    }
  },
  setReloaded: (reloaded) => {
    try {
      if (reloaded) sessionStorage.setItem(KEY, '1');
      else sessionStorage.removeItem(KEY);
    } catch {
      // As above: such a tab never reloads by itself.
    }
  },
  reload: () => window.location.reload(),
};

/**
 * Loads a part of the app. A part that is gone although the server answers belongs to an older version, so the page is
 * reloaded, once, to get the new one. Rejects with `LoadError` where that has not helped or would not help.
 */
export async function loadOrReload<T>(
  load: () => Promise<T>,
  port: ReloadPort = browserReloadPort,
): Promise<T> {
  try {
    const loaded = await load();
    port.setReloaded(false);
    return loaded;
  } catch (cause) {
    const isServerReachable = await port.isServerReachable();
    if (!isServerReachable || port.hasReloaded()) throw new LoadError(isServerReachable, { cause });
    port.setReloaded(true);
    port.reload();
    // The page is being replaced, so nothing may be shown in between.
    return new Promise<never>(() => undefined);
  }
}
