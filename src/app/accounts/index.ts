import type { AuditLog } from '../ports/audit-log';
import type { Clock } from '../ports/clock';
import type { GuestStore } from '../ports/guest-store';
import type { LogIns } from '../ports/log-ins';
import type { Mailer } from '../ports/mailer';
import type { PasswordResets } from '../ports/password-resets';
import type { Passwords } from '../ports/passwords';
import type { Throttle } from '../ports/throttle';
import type { Users } from '../ports/users';
import { Attempts, type AttemptLimits } from './attempts';
import { Blocks } from './blocks';
import { CallCounter } from './call-counter';
import { Devices } from './devices';
import { Entrance } from './entrance';
import { AccountNews } from './events';
import { Identities } from './identities';
import { KeptPeople } from './kept-people';
import { LoggingIn } from './log-in';
import { Notes } from './notes';
import { OwnerProof } from './owner-proof';
import { PasswordChange } from './password-change';
import { PasswordReset } from './password-reset';
import { Profiles } from './profiles';
import { Registration } from './registration';

export interface AccountsDeps {
  readonly users: Users;
  readonly logIns: LogIns;
  readonly resets: PasswordResets;
  readonly guests: GuestStore;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly mailer: Mailer;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Years. */
  readonly minimumAge: number;
  /** An error of ours that was caught. */
  readonly fault: (error: unknown, words: string) => void;
  /** Left out: the usual ones. */
  readonly limits?: AttemptLimits;
}

export type Accounts = ReturnType<typeof buildAccounts>;

/** All use cases around accounts and who somebody is, wired to each other. */
export function buildAccounts({ limits, ...given }: AccountsDeps) {
  const { users, guests, clock } = given;
  const news = new AccountNews();
  const attempts = new Attempts(given.throttle, limits);
  const deps = {
    ...given,
    news,
    attempts,
    ownerProof: new OwnerProof({ ...given, attempts }),
    notes: new Notes(given.audit, clock),
    kept: new KeptPeople(users, guests, clock),
    entrance: new Entrance({ ...given, news }),
  };
  return {
    news,
    attempts,
    ownerProof: deps.ownerProof,
    notes: deps.notes,
    minimumAge: given.minimumAge,
    identities: new Identities(deps),
    registration: new Registration(deps),
    loggingIn: new LoggingIn(deps),
    passwordChange: new PasswordChange(deps),
    passwordReset: new PasswordReset(deps),
    devices: new Devices(deps),
    profiles: new Profiles(deps),
    blocks: new Blocks(deps),
    callCounter: new CallCounter(users, deps.kept, clock),
  };
}

export type { AccountEvents } from './events';
export type { Visit } from './visit';
