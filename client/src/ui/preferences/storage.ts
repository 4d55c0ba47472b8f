/** localStorage may be disabled or full. The setting then lasts for this visit only. */
export function readStored(name: string): string | null {
  try {
    return window.localStorage.getItem(`passerby.${name}`);
  } catch {
    return null;
  }
}

export function writeStored(name: string, value: string | null): void {
  try {
    if (value === null) window.localStorage.removeItem(`passerby.${name}`);
    else window.localStorage.setItem(`passerby.${name}`, value);
  } catch {
    // The setting still applies; it is just not remembered.
  }
}
