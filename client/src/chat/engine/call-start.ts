/** The key under which this tab stores since when both can talk. The server reports only the time of the match. */
const KEY = 'passerby.talking';

/** Stores that both can talk from now on. */
export function storeCallStart(callId: string, now: number): number {
  sessionStorage.setItem(KEY, JSON.stringify([callId, now]));
  return now;
}

/** Since when both can talk in this call, or undefined where this tab does not know. */
export function readCallStart(callId: string): number | undefined {
  try {
    const [known, at] = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as unknown[];
    return known === callId && typeof at === 'number' ? at : undefined;
  } catch {
    return undefined;
  }
}
