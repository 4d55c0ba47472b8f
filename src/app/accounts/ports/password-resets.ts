/** The store of password resets: e-mails that let their reader choose a new password. */
export interface PasswordResets {
  add(reset: {
    readonly id: string;
    readonly tokenHash: string;
    readonly userId: string;
    /** The user's `logInGeneration`: once it is raised, the reset cannot be used any more. */
    readonly generation: number;
    readonly createdAt: number;
    readonly expiresAt: number;
  }): Promise<void>;
  /** Null: unknown or expired. */
  byToken(
    tokenHash: string,
    now: number,
  ): Promise<{ readonly userId: string; readonly generation: number } | null>;
  removeAll(userId: string): Promise<number>;
}
