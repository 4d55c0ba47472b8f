/** A guest while they are here: it lives for two hours, renewed by use (A1). */
export interface Guest {
  readonly id: string;
  /** Secret: a client that has it is this guest. */
  readonly sessionId: string;
  readonly username: string;
  readonly isOnline: boolean;
  readonly isSearching: boolean;
  readonly inChat: boolean;
  readonly connectedUser: string | null;
  readonly location: string | null;
  readonly gender: string | null;
  readonly language: string | null;
  readonly socketId: string | null;
  /** ms since the epoch, as all times here */
  readonly lastSeen: number;
  readonly createdAt: number;
  readonly connectedAt: number | null;
}

/** What changes about a guest while they are here. */
export type GuestChange = Partial<
  Pick<
    Guest,
    | 'username'
    | 'isOnline'
    | 'isSearching'
    | 'inChat'
    | 'connectedUser'
    | 'location'
    | 'gender'
    | 'language'
    | 'socketId'
    | 'connectedAt'
  >
>;

/** The store of guests, under the key `guest:{sessionId}`. */
export interface GuestStore {
  /** Keeps a new guest. `false`, and no change, when that session is known already. */
  add(guest: Guest): Promise<boolean>;
  /** The guest of a session, who gets two more hours. Null when the session is unknown or has expired. */
  use(sessionId: string, now: number): Promise<Guest | null>;
  /** Changes the given values and gives the guest two more hours. Ignored when the session is unknown. */
  change(sessionId: string, change: GuestChange, now: number): Promise<void>;
  remove(sessionId: string): Promise<void>;
  /** Removes expired guests. Answers with their number. */
  expire(now: number): Promise<number>;
  count(): Promise<number>;
  close(): Promise<void>;
}

/** How long a guest's session lives after its last use. */
export const GUEST_LIFE_MS = 2 * 3_600_000;
