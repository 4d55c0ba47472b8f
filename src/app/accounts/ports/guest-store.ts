/** A guest as the node sees them while they are around: two hours of life, renewed by use (A1). */
export interface Guest {
  readonly id: string;
  /** Secret: whoever holds it is this guest. */
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

/** What of a guest changes while they are here. */
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

/** Where guests are kept, under the key `guest:{sessionId}`. */
export interface GuestStore {
  /** Keeps a new guest. `false`, and no change, when that session is known already. */
  add(guest: Guest): Promise<boolean>;
  /** The guest of a session, and two more hours for them; null when unknown or run out. */
  use(sessionId: string, now: number): Promise<Guest | null>;
  /** Changes what is given, and two more hours for them. Ignored when unknown. */
  change(sessionId: string, change: GuestChange, now: number): Promise<void>;
  remove(sessionId: string): Promise<void>;
  /** Forgets whose time has run out; answers with how many these were. */
  expire(now: number): Promise<number>;
  count(): Promise<number>;
  close(): Promise<void>;
}

/** How long a guest's session lives after its last use. */
export const GUEST_LIFE_MS = 2 * 3_600_000;
