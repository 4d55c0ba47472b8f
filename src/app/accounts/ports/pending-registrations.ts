/** An account that waits until the link in an e-mail to its address is opened. */
export interface PendingRegistration {
  /** The id that the account gets: the guest's, where a guest registers. */
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  /** `YYYY-MM-DD` */
  readonly birthDate: string;
  /** ms since the epoch */
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface NewPendingRegistration extends PendingRegistration {
  readonly id: string;
  /** Of the token in the e-mail; the token itself is never kept. */
  readonly tokenHash: string;
}

/** The store of pending registrations. Throws `DomainError('records_unavailable')` when they cannot be reached. */
export interface PendingRegistrations {
  add(registration: NewPendingRegistration): Promise<void>;
  /** Null: unknown or expired. */
  byToken(tokenHash: string, now: number): Promise<PendingRegistration | null>;
  /** Those of a user that have not expired. */
  of(userId: string, now: number): Promise<PendingRegistration[]>;
  remove(id: string): Promise<void>;
  /** Removes all of a user, and all for an e-mail address, however it is written. */
  removeAll(userId: string, email: string | null): Promise<number>;
}
