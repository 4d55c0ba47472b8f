import { DomainError } from '../../domain/error';
import type { Clock } from '../ports/clock';
import type { User, Users } from './ports/users';
import type { LoginSessions } from './login-sessions';

export interface PasswordReplacementDeps {
  readonly users: Pick<Users, 'get' | 'changePassword'>;
  readonly loginSessions: Pick<LoginSessions, 'ended'>;
  readonly clock: Clock;
}

/**
 * Replaces a password. The new password, the end of the log-ins and the end of open resets are one write in the user's
 * record, so that no failure can leave the one without the others. What follows it only tidies up.
 */
export class PasswordReplacement {
  constructor(private readonly deps: PasswordReplacementDeps) {}

  /** `false`: the user has another password by now, or is erased. Throws `DomainError('records_unavailable')`. */
  async replace(
    { id, passwordHash: onlyIf }: Pick<User, 'id' | 'passwordHash'>,
    passwordHash: string,
    keptLogInId: string | null,
  ): Promise<boolean> {
    if (onlyIf === null) return false;
    const { users, loginSessions, clock } = this.deps;
    const change = { passwordHash, onlyIf, keptLogInId };
    let isChanged: boolean;
    try {
      isChanged = await users.changePassword(id, change, clock.now());
    } catch (error) {
      // The write may have arrived, and its reply was lost.
      isChanged = await this.hasArrived(id, passwordHash);
      if (!isChanged) {
        await loginSessions.ended(id, keptLogInId);
        throw error;
      }
    }
    if (isChanged) await loginSessions.ended(id, keptLogInId);
    return isChanged;
  }

  private async hasArrived(id: string, passwordHash: string): Promise<boolean> {
    try {
      return (await this.deps.users.get(id))?.passwordHash === passwordHash;
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
  }
}
