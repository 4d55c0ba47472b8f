/** What happens to people outside of a visit, told to those who have something open for them. Must not throw. */
export interface AccountEvents {
  /** These log-ins of theirs, or all, let nobody in any more. */
  loggedOut(userId: string, logInIds: readonly string[] | 'all'): void;
  /** The person is being erased: nothing of theirs may go on. */
  erased(userId: string): void;
  renamed(userId: string, name: string): void;
  /** A guest is an account from now on, under the same id. */
  becameAccount(userId: string): void;
  /** They may meet the other one again. */
  unblocked(userId: string, otherId: string): void;
}

/** Passes what happens on to everybody who listens, in the order in which they began to. */
export class AccountEventBus implements AccountEvents {
  private readonly listeners: Partial<AccountEvents>[] = [];

  on(listener: Partial<AccountEvents>): void {
    this.listeners.push(listener);
  }

  loggedOut(userId: string, logInIds: readonly string[] | 'all'): void {
    if (logInIds.length === 0) return;
    for (const listener of this.listeners) listener.loggedOut?.(userId, logInIds);
  }

  erased(userId: string): void {
    for (const listener of this.listeners) listener.erased?.(userId);
  }

  renamed(userId: string, name: string): void {
    for (const listener of this.listeners) listener.renamed?.(userId, name);
  }

  becameAccount(userId: string): void {
    for (const listener of this.listeners) listener.becameAccount?.(userId);
  }

  unblocked(userId: string, otherId: string): void {
    for (const listener of this.listeners) listener.unblocked?.(userId, otherId);
  }
}
