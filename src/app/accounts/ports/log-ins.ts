/** An account's log-in on one device. */
export interface LogIn {
  readonly id: string;
  readonly userId: string;
  readonly userAgent: string;
  /** ms since the epoch, as all times here */
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
  /** The user's `logInGeneration` when it was made. */
  readonly generation: number;
}

export interface NewLogIn extends LogIn {
  /** Of the token in the device's cookie; the token itself is never kept. */
  readonly tokenHash: string;
}

/** The store of log-ins. Throws `DomainError('records_unavailable')` when they cannot be reached. */
export interface LogIns {
  add(logIn: NewLogIn): Promise<void>;
  /** Null: unknown or expired. */
  byToken(tokenHash: string, now: number): Promise<LogIn | null>;
  /** The log-in was used. This never shortens its life. Ignored when the log-in is gone. */
  touch(id: string, now: number, expiresAt: number): Promise<void>;
  /** The user's log-ins that have not expired, last used first. */
  of(userId: string, now: number): Promise<LogIn[]>;
  /** Ends these log-ins of a user. Answers with the number of log-ins that were ended. */
  remove(userId: string, ids: readonly string[]): Promise<number>;
  /** Ends all log-ins of a user but one. Answers with the ids of those that were ended. */
  removeAll(userId: string, exceptId?: string): Promise<string[]>;
}
