/**
 * The only place that touches `localStorage` and `sessionStorage`. Either may be missing (blocked cookies make even the
 * getter throw), empty at any moment, or full. Nothing here throws: the app goes on with what it holds in memory, and
 * what could not be stored is not remembered by the next page.
 */
export interface BrowserStorage {
  /** Null: nothing is stored under this name, or it cannot be read. */
  read(name: string): string | null;
  /** Null removes. Answers whether the next page of this browser will find it so. */
  write(name: string, value: string | null): boolean;
}

/** Kept until the user clears it, and shared by all tabs. */
export const deviceStorage: BrowserStorage = guarded(() => localStorage);

/** Kept for this tab alone, over reloads. */
export const tabStorage: BrowserStorage = guarded(() => sessionStorage);

/** Forgets everything that is kept for this tab. */
export function clearTabStorage(): void {
  try {
    const names = Array.from({ length: sessionStorage.length }, (_, at) => sessionStorage.key(at));
    for (const name of names) if (name?.startsWith(PREFIX) === true) sessionStorage.removeItem(name);
  } catch {
    // There is no storage, and nothing in it.
  }
}

/** Listens to what other tabs write under this name. Answers with the way to stop. */
export function onDeviceStorage(name: string, heard: (value: string) => void): () => void {
  const listener = ({ key, newValue }: StorageEvent): void => {
    if (key === keyOf(name) && newValue !== null) heard(newValue);
  };
  window.addEventListener('storage', listener);
  return () => window.removeEventListener('storage', listener);
}

function guarded(open: () => Storage): BrowserStorage {
  return {
    read: (name) => {
      try {
        return open().getItem(keyOf(name));
      } catch {
        return null;
      }
    },
    write: (name, value) => {
      try {
        if (value === null) open().removeItem(keyOf(name));
        else open().setItem(keyOf(name), value);
        return true;
      } catch {
        // An outdated value must not be taken for this one by the next page. Removing works even where there is no room.
        if (value !== null) removeQuietly(open, name);
        return false;
      }
    },
  };
}

function removeQuietly(open: () => Storage, name: string): void {
  try {
    open().removeItem(keyOf(name));
  } catch {
    // There is no storage at all, so there is no outdated value either.
  }
}

const PREFIX = 'passerby.';
const keyOf = (name: string): string => `${PREFIX}${name}`;
