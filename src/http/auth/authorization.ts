import type { IncomingMessage } from 'node:http';
import type { DomainError } from '../../domain/error';
import { isAllowed } from '../../domain/roles';
import type { Role } from '../../protocol';
import type { Authenticator } from './authenticator';
import { hasRole, type Caller, type CallerWith } from './caller';

const ANYONE: Caller = { role: 'anyone' };

/** Finds out who calls and checks that they may. It is the only place in HTTP that does. */
export class Authorization {
  /** Asked in this order; the first caller whose role suffices counts. */
  constructor(private readonly authenticators: readonly Authenticator[]) {}

  /**
   * The caller of a request whose endpoint requires this role. Where anyone may call, nobody is looked up. Throws the
   * error of the first authenticator that could have found such a caller.
   */
  async callerWith<Required extends Role>(
    required: Required,
    request: IncomingMessage,
  ): Promise<CallerWith<Required>> {
    if (hasRole(ANYONE, required)) return ANYONE;
    let error: DomainError | undefined;
    for (const authenticator of this.authenticators) {
      if (!authenticator.roles.some((role) => isAllowed(role, required))) continue;
      const caller = await authenticator.authenticate(request);
      if (caller !== null && hasRole(caller, required)) return caller;
      error ??= authenticator.errorFor(caller);
    }
    throw error ?? new Error(`no authenticator can find a caller with the role ${required}`);
  }
}
