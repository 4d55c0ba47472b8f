/** An account's log-in on one device. */
export interface LogIn {
  readonly id: string;
  readonly userId: string;
  readonly userAgent: string;
  /** ms since the epoch, as all times here */
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
}

export interface NewLogIn extends LogIn {
  /** Of the token in the device's cookie; the token itself is never kept. */
  readonly tokenHash: string;
}

/** Where log-ins are kept. Throws `DomainError('records_unavailable')` when they cannot be reached. */
export interface LogIns {
  add(logIn: NewLogIn): Promise<void>;
  /** Null: unknown, or run out. */
  byToken(tokenHash: string, now: number): Promise<LogIn | null>;
  /** It was used; never shortens its life. Ignored when it is gone. */
  touch(id: string, now: number, expiresAt: number): Promise<void>;
  /** Those that have not run out, last used first. */
  of(userId: string, now: number): Promise<LogIn[]>;
  /** Ends these of a person's log-ins; answers with how many there were. */
  remove(userId: string, ids: readonly string[]): Promise<number>;
  /** Ends all of a person's log-ins but one; answers with the ids of those that were ended. */
  removeAll(userId: string, exceptId?: string): Promise<string[]>;
}
