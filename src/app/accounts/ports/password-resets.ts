/** Where letters that let their reader choose a new password are kept. */
export interface PasswordResets {
  add(reset: {
    readonly id: string;
    readonly tokenHash: string;
    readonly userId: string;
    readonly createdAt: number;
    readonly expiresAt: number;
  }): Promise<void>;
  /** Whose letter it is, if it can still be used; changes nothing. */
  holder(tokenHash: string, now: number): Promise<string | null>;
  /** Uses it up. Of all who try at once exactly one is told whose it is; null for the others. */
  use(tokenHash: string, now: number): Promise<string | null>;
  removeAll(userId: string): Promise<number>;
}
