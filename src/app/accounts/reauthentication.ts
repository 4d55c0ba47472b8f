import { DomainError } from '../../domain/error';
import type { Passwords } from './ports/passwords';
import type { User, Users } from './ports/users';
import type { LoginThrottle } from './login-throttle';
import type { Visit } from './visit';

export interface ReauthenticationDeps {
  readonly users: Pick<Users, 'get'>;
  readonly passwords: Passwords;
  readonly loginThrottle: LoginThrottle;
}

/** A user with an account, which has an e-mail address and a password. */
export type Owner = User & { readonly email: string; readonly passwordHash: string };

/**
 * Asks users who are logged in for their password once more, before actions that cannot be undone or log other
 * devices out: a browser that was left open does not prove who uses it.
 */
export class Reauthentication {
  constructor(private readonly deps: ReauthenticationDeps) {}

  /** The user, if this is their password. Throws `DomainError` with `wrong_credentials`, `rate_limited`. */
  async prove(userId: string, password: string, visit: Visit): Promise<Owner> {
    const { users, passwords, loginThrottle } = this.deps;
    await loginThrottle.count('proveSelf', visit, userId);
    const user = await users.get(userId);
    const fits = await passwords.verify(user?.passwordHash ?? null, password);
    if (user?.email == null || user.passwordHash === null || !fits) throw wrongPassword();
    return { ...user, email: user.email, passwordHash: user.passwordHash };
  }
}

export const wrongPassword = (): DomainError =>
  new DomainError('wrong_credentials', 'this is not the password');
