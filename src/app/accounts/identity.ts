import { z } from 'zod';
import { AGE_BANDS } from '../../protocol';

/** What a browser shows of itself, as it came in its cookies; nothing of it is believed yet. */
export interface Credentials {
  /** The token of a log-in. */
  readonly logIn: string | null;
  /** A guest's session id; its signature has been checked, so this server gave it out. */
  readonly guest: string | null;
  /** That session was given out just now, with the answer to this very request. */
  readonly isNewGuest?: boolean;
}

/** Who somebody is, beyond one connection: the same id, name and blocks the next time they come. */
export const identitySchema = z.object({
  userId: z.string().min(1).max(128),
  name: z.string(),
  isAnonymous: z.boolean(),
  /** From an account's birth date; null: whatever the peer says. */
  ageBand: z.enum(AGE_BANDS).nullable(),
  blocked: z.array(z.string()).readonly(),
  /** Of an account: which of its log-ins this is, so that logging out ends what it opened. */
  logInId: z.string().nullable(),
  /** Of a guest. */
  guestSession: z.string().nullable(),
  /** Of a guest in a further window of one browser: the guest of the first window. */
  windowOf: z.string().optional(),
});
export type Identity = Readonly<z.infer<typeof identitySchema>>;
