import type { Clock } from '../ports/clock';
import type { Mailer } from '../ports/mailer';
import type { PasswordResets } from '../ports/password-resets';
import type { Passwords } from '../ports/passwords';
import type { Users } from '../ports/users';
import type { Entrance } from './entrance';
import type { Notes } from './notes';
import { wrongPassword, type OwnerProof } from './owner-proof';
import type { Visit } from './visit';

export interface PasswordChangeDeps {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly resets: PasswordResets;
  readonly entrance: Entrance;
  readonly ownerProof: OwnerProof;
  readonly mailer: Mailer;
  readonly notes: Notes;
  readonly clock: Clock;
}

/** A new password for those who are logged in and show the one they have (A2). */
export class PasswordChange {
  constructor(private readonly deps: PasswordChangeDeps) {}

  /** Logs every other device out. Throws `Refusal` with `wrong_credentials`, `rate_limited`. */
  async change(
    { userId, logInId }: { readonly userId: string; readonly logInId: string },
    { current, next }: { readonly current: string; readonly next: string },
    visit: Visit,
  ): Promise<void> {
    const { users, passwords, resets, entrance, mailer, notes, clock, ownerProof } = this.deps;
    const user = await ownerProof.prove(userId, current, visit);
    const changed = await users.setPassword(
      userId,
      await passwords.hash(next),
      clock.now(),
      user.passwordHash,
    );
    if (!changed) throw wrongPassword();
    await resets.removeAll(userId);
    await entrance.endAll(userId, logInId);
    void notes.did('account.password_changed', userId, visit);
    mailer.send({ ...user, languages: visit.languages }, { kind: 'password_changed' });
  }
}
