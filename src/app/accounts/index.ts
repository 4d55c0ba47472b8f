import type { AuditLog } from '../ports/audit-log';
import type { Clock } from '../ports/clock';
import type { BlockJournal } from './ports/block-journal';
import type { GuestStore } from './ports/guest-store';
import type { LogIns } from './ports/log-ins';
import type { Mailer } from './ports/mailer';
import type { PasswordResets } from './ports/password-resets';
import type { PendingRegistrations } from './ports/pending-registrations';
import type { Passwords } from './ports/passwords';
import type { Throttle } from '../ports/throttle';
import type { Users } from './ports/users';
import { LoginThrottle, type LoginThrottleLimits } from './login-throttle';
import { Blocks } from './blocks';
import { CallCounter } from './call-counter';
import { Confirmation } from './confirmation';
import { Devices } from './devices';
import { LatelyBlocked } from './lately-blocked';
import { LoginSessions } from './login-sessions';
import { AccountEventBus } from './account-events';
import { Identities } from './identities';
import { GuestPersistence } from './guest-persistence';
import { LoginService } from './log-in';
import { AuditTrail } from './audit-trail';
import { Reauthentication } from './reauthentication';
import { PasswordChange } from './password-change';
import { PasswordReplacement } from './password-replacement';
import { PasswordReset } from './password-reset';
import { Profiles } from './profiles';
import { Registration } from './registration';
import type { ErrorReporter } from '../ports/error-reporter';

export interface AccountsDeps {
  readonly users: Users;
  readonly logIns: LogIns;
  readonly registrations: PendingRegistrations;
  readonly resets: PasswordResets;
  /** The same stores for callers who must not wait: they throw `records_unavailable` soon. Left out: those above. */
  readonly prompt?: { readonly users: Users; readonly logIns: LogIns };
  readonly blockJournal: BlockJournal;
  readonly guests: GuestStore;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly mailer: Mailer;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Years. */
  readonly minimumAge: number;
  readonly reportError: ErrorReporter;
  /** Left out: the usual ones. */
  readonly limits?: LoginThrottleLimits;
}

export type Accounts = ReturnType<typeof buildAccounts>;

/** All use cases around accounts and identities, wired to each other. */
export function buildAccounts({ limits, prompt, ...given }: AccountsDeps) {
  const { users, guests, clock } = given;
  const accountEvents = new AccountEventBus();
  // What another node says reaches the same listeners as what happens here, but is not sent to other nodes again.
  const eventsOfAllNodes = new AccountEventBus();
  accountEvents.on(eventsOfAllNodes);
  const loginThrottle = new LoginThrottle(given.throttle, limits);
  const loginSessions = new LoginSessions({ ...given, accountEvents });
  const deps = {
    ...given,
    accountEvents,
    loginThrottle,
    reauthentication: new Reauthentication({ ...given, loginThrottle }),
    auditTrail: new AuditTrail(given.audit, clock),
    guestPersistence: new GuestPersistence(users, guests, clock),
    loginSessions,
    replacement: new PasswordReplacement({ users, loginSessions, clock }),
  };
  return {
    /** What happens on this node. */
    accountEvents,
    /** What happens on any node. */
    eventsOfAllNodes,
    loginThrottle,
    reauthentication: deps.reauthentication,
    auditTrail: deps.auditTrail,
    minimumAge: given.minimumAge,
    identities: new Identities({ ...deps, ...prompt, accountEvents: eventsOfAllNodes }),
    registration: new Registration(deps),
    confirmation: new Confirmation(deps),
    loginService: new LoginService(deps),
    passwordChange: new PasswordChange(deps),
    passwordReset: new PasswordReset(deps),
    devices: new Devices(deps),
    profiles: new Profiles(deps),
    blocks: new Blocks({ ...deps, journal: given.blockJournal }, eventsOfAllNodes),
    latelyBlocked: new LatelyBlocked(clock, eventsOfAllNodes),
    callCounter: new CallCounter(users, deps.guestPersistence, clock),
  };
}

export type { AccountEvents } from './account-events';
export type { Visit } from './visit';
