import type { AgeBand } from '../../protocol';

/** What a browser shows of itself, as it came in its cookies; nothing of it is believed yet. */
export interface Credentials {
  /** The token of a log-in. */
  readonly logIn: string | null;
  /** A guest's session id; its signature has been checked, so this server gave it out. */
  readonly guest: string | null;
  /** That session was given out just now, with the answer to this very request. */
  readonly isNewGuest?: boolean;
}

/** Who somebody is, beyond the visit: the same id, name and blocks the next time they come. */
export interface Identity {
  readonly userId: string;
  readonly name: string;
  readonly isAnonymous: boolean;
  /** From an account's birth date; null: whatever the person says. */
  readonly ageBand: AgeBand | null;
  readonly blocked: readonly string[];
  /** Of an account: which of its log-ins this is, so that logging out ends what it opened. */
  readonly logInId: string | null;
  /** Of a guest. */
  readonly guestSession: string | null;
  /** Of a guest in a further window of one browser: the guest of the first one. */
  readonly windowOf?: string;
}
