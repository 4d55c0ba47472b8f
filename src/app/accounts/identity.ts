import { z } from 'zod';
import { AGE_BANDS } from '../../protocol';

/** The credentials in a browser's cookies, not verified yet. */
export interface Credentials {
  /** The token of a log-in. */
  readonly logIn: string | null;
  /** A guest's session id. Its signature has been checked, so this server made it. */
  readonly guest: string | null;
  /** The session was made just now, and is sent with the reply to this very request. */
  readonly isNewGuest?: boolean;
}

/**
 * The identity of a user beyond one connection: the same id, name and blocks at the next visit. In a further window of
 * a guest, `userId` is that window's own (`domain/users/windows`), and the blocks are those of the guest.
 */
export const identitySchema = z.object({
  userId: z.string().min(1).max(128),
  name: z.string(),
  isAnonymous: z.boolean(),
  /** From an account's birth date; null: the client's own statement counts. */
  ageBand: z.enum(AGE_BANDS).nullable(),
  blocked: z.array(z.string()).readonly(),
  /** Accounts only: the log-in that is used, so that logging out ends what it opened. */
  logInId: z.string().nullable(),
  /** Guests only. All windows of one browser have the same. */
  guestSession: z.string().nullable(),
});
export type Identity = Readonly<z.infer<typeof identitySchema>>;
