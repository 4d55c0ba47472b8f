import { deviceOf, isLogInValid } from '../../domain/users';
import type { Clock } from '../ports/clock';
import type { LogIns } from './ports/log-ins';
import type { Users } from './ports/users';
import type { LoginSessions } from './login-sessions';
import type { AuditTrail } from './audit-trail';
import type { Visit } from './visit';

/** A user who is logged in, and the log-in that they use. */
export interface LoggedIn {
  readonly userId: string;
  readonly logInId: string;
}

export interface Device {
  readonly id: string;
  readonly device: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly isThis: boolean;
}

export interface DevicesDeps {
  readonly users: Pick<Users, 'get'>;
  readonly logIns: LogIns;
  readonly loginSessions: LoginSessions;
  readonly auditTrail: AuditTrail;
  readonly clock: Clock;
}

/** Where an account is logged in. */
export class Devices {
  constructor(private readonly deps: DevicesDeps) {}

  /** Last used first. */
  async list({ userId, logInId }: LoggedIn): Promise<Device[]> {
    const user = await this.deps.users.get(userId);
    const logIns = await this.deps.logIns.of(userId, this.deps.clock.now());
    const valid = logIns.filter((logIn) => user !== null && isLogInValid(user, logIn));
    return valid.map(({ id, userAgent, createdAt, lastUsedAt }) => ({
      id,
      device: deviceOf(userAgent),
      createdAt,
      lastUsedAt,
      isThis: id === logInId,
    }));
  }

  /** Ends a log-in of this user. A log-in of another user, or one that is over, is left alone. */
  async logOut({ userId }: LoggedIn, id: string, visit: Visit): Promise<void> {
    const { logIns, loginSessions, auditTrail, clock } = this.deps;
    const own = await logIns.of(userId, clock.now());
    if (!own.some((logIn) => logIn.id === id)) return;
    await loginSessions.end(userId, [id]);
    void auditTrail.recordAction('account.logged_out', userId, visit);
  }

  async logOutOthers({ userId, logInId }: LoggedIn, visit: Visit): Promise<void> {
    await this.deps.loginSessions.endOthers(userId, logInId);
    void this.deps.auditTrail.recordAction('account.logged_out', userId, visit);
  }
}
