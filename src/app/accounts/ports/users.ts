import type { Profile } from '../../../protocol';

/** Somebody a person never wants to meet again. */
export interface Block {
  readonly userId: string;
  /** The name the other one had, so that a list of blocks means something to its reader. */
  readonly name: string;
  /** ms since the epoch, as all times here */
  readonly at: number;
}

export interface Statistics {
  readonly calls: number;
  readonly talkedMs: number;
  readonly longestMs: number;
  readonly messagesSent: number;
  readonly skipped: number;
}

/** What is kept of a person: of a guest for a day after their last visit, of an account until it is erased. */
export interface User {
  readonly id: string;
  readonly isAnonymous: boolean;
  readonly name: string;
  readonly email: string | null;
  readonly passwordHash: string | null;
  /** `YYYY-MM-DD` */
  readonly birthDate: string | null;
  readonly profile: Profile;
  readonly statistics: Statistics;
  readonly blocks: readonly Block[];
  readonly lastActiveAt: number;
  readonly createdAt: number;
}

export interface NewAccount {
  /** A guest's id where a guest becomes an account: name, profile, blocks and statistics stay theirs. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly birthDate: string;
}

export interface CountedCall {
  readonly callId: string;
  readonly talkedMs: number;
  readonly messagesSent: number;
  readonly skipped: boolean;
}

/** What has to be known of a guest to keep something of theirs. */
export interface GuestName {
  readonly id: string;
  readonly name: string;
}

/** Where people are kept. Throws `DomainError('records_unavailable')` when they cannot be reached. */
export interface Users {
  get(id: string): Promise<User | null>;
  /** Accounts only. Any way of writing the address finds it. */
  byEmail(email: string): Promise<User | null>;
  /**
   * Makes an account, out of the guest with this id if there is a record of one. One atomic step: of all who race for
   * an e-mail address exactly one wins. Throws `DomainError('email_taken')`.
   */
  addAccount(account: NewAccount, now: number): Promise<User>;
  /** Makes a guest's record, if there is none; it then lives for a day. */
  keepGuest(guest: GuestName, now: number): Promise<void>;
  /** Null: there is no such person. */
  change(
    id: string,
    change: { readonly name?: string; readonly profile?: Partial<Profile> },
    now: number,
  ): Promise<User | null>;
  /** `false`: no such account, or its password is no longer the one of `onlyIf`. */
  setPassword(id: string, passwordHash: string, now: number, onlyIf?: string): Promise<boolean>;
  /** They were here: a guest's record has another day to live. Ignored when there is none. */
  touch(id: string, now: number): Promise<void>;
  /** Once for each of the others; the newest 1,000 are kept. Ignored when there is no such person. */
  block(id: string, block: Block): Promise<void>;
  /** `false`: there was no such block. */
  unblock(id: string, otherId: string, now: number): Promise<boolean>;
  /** Counts a call in the person's statistics, once however often it is told. */
  countCall(id: string, call: CountedCall, now: number): Promise<void>;
  /** Deletes the person, and takes them out of everybody's blocks. `false`: there was none. */
  remove(id: string): Promise<boolean>;
}
