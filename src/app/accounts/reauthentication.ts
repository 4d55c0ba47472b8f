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

/** Somebody who can be logged in as. */
export type Owner = User & { readonly email: string; readonly passwordHash: string };

/**
 * Those who are logged in show their password once more, before what cannot be undone or shuts others out: a browser
 * that was left open is no proof of who sits before it.
 */
export class Reauthentication {
  constructor(private readonly deps: ReauthenticationDeps) {}

  /** Whose password this is. Throws `DomainError` with `wrong_credentials`, `rate_limited`. */
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
