/** The store of password resets: e-mails that let their reader choose a new password. */
export interface PasswordResets {
  add(reset: {
    readonly id: string;
    readonly tokenHash: string;
    readonly userId: string;
    readonly createdAt: number;
    readonly expiresAt: number;
  }): Promise<void>;
  /** The id of the user whose reset this is, if it can still be used. Changes nothing. */
  holder(tokenHash: string, now: number): Promise<string | null>;
  /** Uses the reset up and answers with its user's id. Atomic: of several calls at once, all but one get null. */
  use(tokenHash: string, now: number): Promise<string | null>;
  removeAll(userId: string): Promise<number>;
}
