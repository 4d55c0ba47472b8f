import type { LogInRule } from '../../../domain/users';
import type { Profile } from '../../../protocol';

/** A user whom another user has blocked. */
export interface Block {
  readonly userId: string;
  /** The name that the blocked user had, so that a list of blocks means something to its reader. */
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

/** The record of a user: a guest's is kept for a day after their last visit, an account's until it is erased. */
export interface User extends LogInRule {
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
  /** The guest's id where a guest becomes an account and keeps name, profile, blocks and statistics. */
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

export interface NewPassword {
  readonly passwordHash: string;
  /** The hash of the present password. */
  readonly onlyIf: string;
  readonly keptLogInId: string | null;
}

/** What a guest's record needs when it is made. */
export interface GuestName {
  readonly id: string;
  readonly name: string;
}

/** The store of users. Throws `DomainError('records_unavailable')` when they cannot be reached. */
export interface Users {
  get(id: string): Promise<User | null>;
  /** Accounts only. Finds the address however it is written. */
  byEmail(email: string): Promise<User | null>;
  /**
   * Makes an account, from the guest with this id if there is a record of one. Atomic: of several calls for one
   * e-mail address, or for one guest, exactly one succeeds. Null: there is an account with this address or this id.
   */
  addAccount(account: NewAccount, now: number): Promise<User | null>;
  /** Makes a guest's record, if there is none; it then lives for a day. */
  keepGuest(guest: GuestName, now: number): Promise<void>;
  /** Null: there is no such user. */
  change(
    id: string,
    change: { readonly name?: string; readonly profile?: Partial<Profile> },
    now: number,
  ): Promise<User | null>;
  /** The same password, hashed anew. `false`: no such account, or its password is no longer the one of `onlyIf`. */
  renewHash(id: string, passwordHash: string, now: number, onlyIf: string): Promise<boolean>;
  /**
   * A new password, which ends all log-ins but one, and every password reset, in one write. `false`: no such account,
   * or its password is no longer the one of `onlyIf`.
   */
  changePassword(id: string, change: NewPassword, now: number): Promise<boolean>;
  /** Ends all log-ins of an account but one. */
  endLogIns(id: string, keptLogInId: string | null, now: number): Promise<void>;
  /** The user was here: a guest's record has another day to live. Ignored when there is no record. */
  touch(id: string, now: number): Promise<void>;
  /** Stores one block for each blocked user; the newest 1,000 are kept. Ignored when there is no such user. */
  block(id: string, block: Block): Promise<void>;
  /** `false`: there was no such block. */
  unblock(id: string, otherId: string, now: number): Promise<boolean>;
  /** Counts a call in the user's statistics, once however often this is called for it. */
  countCall(id: string, call: CountedCall, now: number): Promise<void>;
  /** Deletes the user, and removes them from the blocks of all users. `false`: there was no such user. */
  remove(id: string): Promise<boolean>;
}
