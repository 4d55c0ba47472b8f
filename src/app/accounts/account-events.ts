import type { LogInSelection } from '../../domain/users';
import { EventEmitter, type EventSource } from '../ports/event-emitter';

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

/** Passes account events on to all listeners. It can itself be a listener of another one. */
export class AccountEventBus implements AccountEvents, EventSource<AccountEvents> {
  private readonly events = new EventEmitter<AccountEvents>();

  on(listener: Partial<AccountEvents>): void {
    this.events.on(listener);
  }

  loggedOut(userId: string, logIns: LogInSelection): void {
    if (Array.isArray(logIns) && logIns.length === 0) return;
    this.events.emit((listener) => listener.loggedOut?.(userId, logIns));
  }

  erased(userId: string): void {
    this.events.emit((listener) => listener.erased?.(userId));
  }

  renamed(userId: string, name: string): void {
    this.events.emit((listener) => listener.renamed?.(userId, name));
  }

  becameAccount(userId: string): void {
    this.events.emit((listener) => listener.becameAccount?.(userId));
  }

  blocked(userId: string, otherId: string): void {
    this.events.emit((listener) => listener.blocked?.(userId, otherId));
  }

  unblocked(userId: string, otherId: string): void {
    this.events.emit((listener) => listener.unblocked?.(userId, otherId));
  }
}
