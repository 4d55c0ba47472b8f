import { z } from 'zod';
import { tabStorage } from '../../storage/browser-storage';

/** The name under which this tab stores since when both can talk. The server reports only the time of the match. */
const NAME = 'talking';

const storedSchema = z.tuple([z.string(), z.number()]);

/** Stores that both can talk from now on. */
export function storeCallStart(callId: string, now: number): number {
  tabStorage.write(NAME, JSON.stringify([callId, now]));
  return now;
}

/** Since when both can talk in this call, or undefined where this tab does not know. */
export function readCallStart(callId: string): number | undefined {
  try {
    const [known, at] = storedSchema.parse(JSON.parse(tabStorage.read(NAME) ?? 'null'));
    return known === callId ? at : undefined;
  } catch {
    return undefined;
  }
}
