import { tabStorage } from '../../storage/browser-storage';

/** Where this tab remembers when it has reloaded because a part of the app was missing. `first-load.js` has it too. */
const NAME = 'reloaded';
/** What is missing later than this after a reload may belong to the next version, and one more reload may help. */
const RECENT_MS = 60_000;

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
  /** Answers whether the next page of this tab will know it. */
  setReloaded(reloaded: boolean): boolean;
  reload(): void;
}

export const browserReloadPort: ReloadPort = {
  isServerReachable: () =>
    fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
      ({ ok }) => ok,
      () => false,
    ),
  hasReloaded,
  setReloaded: (reloaded) => {
    if (reloaded) return tabStorage.write(NAME, String(Date.now())) || !wasReloaded();
    // Another part may be missing still, and the reload for it must stay the only one.
    return hasReloaded() || tabStorage.write(NAME, null);
  },
  reload: () => window.location.reload(),
};

function hasReloaded(): boolean {
  const ms = Date.now() - Number(tabStorage.read(NAME) ?? 0);
  // Below 0 when the clock of the device was set back since.
  return ms >= 0 && ms < RECENT_MS;
}

/** A tab that stores nothing knows of a reload only by how this page was opened. */
function wasReloaded(): boolean {
  const [entry] = performance.getEntriesByType('navigation');
  return !(entry instanceof PerformanceNavigationTiming) || entry.type === 'reload';
}

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
    // A reload that the next page does not know of could be followed by another one, for ever.
    if (!isServerReachable || port.hasReloaded() || !port.setReloaded(true))
      throw new LoadError(isServerReachable, { cause });
    port.reload();
    // The page is being replaced, so nothing may be shown in between.
    return new Promise<never>(() => undefined);
  }
}
