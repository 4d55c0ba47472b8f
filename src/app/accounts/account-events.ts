import type { LogInSelection } from '../../domain/users';

/** Account events: what happens to a user's account, for code that holds something of that user. Must not throw. */
export interface AccountEvents {
  /** These log-ins of the user are not valid any more. */
  loggedOut(userId: string, logIns: LogInSelection): void;
  /** The user is being erased: nothing of theirs may go on. */
  erased(userId: string): void;
  renamed(userId: string, name: string): void;
  /** A guest is an account from now on, under the same id. */
  becameAccount(userId: string): void;
  /** The user is not matched with the other user any more, in none of their windows. May be told twice. */
  blocked(userId: string, otherId: string): void;
  /** The user may be matched with the other user again. */
  unblocked(userId: string, otherId: string): void;
}

/** Passes account events on to all listeners, in the order in which they were added. */
export class AccountEventBus implements AccountEvents {
  private readonly listeners: Partial<AccountEvents>[] = [];

  on(listener: Partial<AccountEvents>): void {
    this.listeners.push(listener);
  }

  loggedOut(userId: string, logIns: LogInSelection): void {
    if (Array.isArray(logIns) && logIns.length === 0) return;
    for (const listener of this.listeners) listener.loggedOut?.(userId, logIns);
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

  blocked(userId: string, otherId: string): void {
    for (const listener of this.listeners) listener.blocked?.(userId, otherId);
  }

  unblocked(userId: string, otherId: string): void {
    for (const listener of this.listeners) listener.unblocked?.(userId, otherId);
  }
}
