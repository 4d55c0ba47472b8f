/** Where this tab remembers since when both can talk: the server says only when they were matched. */
const KEY = 'passerby.talking';

/** Both can talk from now on. */
export function talkBegins(callId: string, now: number): number {
  sessionStorage.setItem(KEY, JSON.stringify([callId, now]));
  return now;
}

/** Since when this call has been open, where this tab was there. */
export function talksSince(callId: string): number | undefined {
  try {
    const [known, at] = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as unknown[];
    return known === callId && typeof at === 'number' ? at : undefined;
  } catch {
    return undefined;
  }
}
