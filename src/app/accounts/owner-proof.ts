import { Refusal } from '../../domain/refusal';
import type { Passwords } from '../ports/passwords';
import type { User, Users } from '../ports/users';
import type { Attempts } from './attempts';
import type { Visit } from './visit';

export interface OwnerProofDeps {
  readonly users: Pick<Users, 'get'>;
  readonly passwords: Passwords;
  readonly attempts: Attempts;
}

/** Somebody who can be logged in as. */
export type Owner = User & { readonly email: string; readonly passwordHash: string };

/**
 * Those who are logged in show their password once more, before what cannot be undone or shuts others out: a browser
 * that was left open is no proof of who sits before it.
 */
export class OwnerProof {
  constructor(private readonly deps: OwnerProofDeps) {}

  /** Whose password this is. Throws `Refusal` with `wrong_credentials`, `rate_limited`. */
  async prove(userId: string, password: string, visit: Visit): Promise<Owner> {
    const { users, passwords, attempts } = this.deps;
    await attempts.count('proveSelf', visit, userId);
    const user = await users.get(userId);
    const fits = await passwords.verify(user?.passwordHash ?? null, password);
    if (user === null || user.email === null || user.passwordHash === null || !fits) throw wrongPassword();
    return { ...user, email: user.email, passwordHash: user.passwordHash };
  }
}

export const wrongPassword = (): Refusal => new Refusal('wrong_credentials', 'this is not the password');
