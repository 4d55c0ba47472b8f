import type { IncomingMessage } from 'node:http';
import type { Identities } from '../../app/accounts/identities';
import { DomainError } from '../../domain/error';
import type { CookieJar } from '../cookies';
import type { Authenticator } from './authenticator';
import type { Caller } from './caller';

/** Browsers send the cookie of a log-in or of a guest's session. */
export class SessionCookieAuthenticator implements Authenticator {
  readonly roles = ['user', 'account'] as const;

  constructor(
    private readonly identities: Pick<Identities, 'identify'>,
    private readonly jar: CookieJar,
  ) {}

  async authenticate({ headers }: IncomingMessage): Promise<Caller | null> {
    const identity = await this.identities.identify(this.jar.credentials(headers.cookie));
    if (identity === null) return null;
    const { isAnonymous, logInId } = identity;
    if (isAnonymous || logInId === null) return { role: 'user', identity };
    return { role: 'account', identity: { ...identity, isAnonymous, logInId } };
  }

  errorFor(caller: Caller | null): DomainError {
    const reason = caller === null ? 'nobody is known by these cookies' : 'this needs an account';
    return new DomainError('log_in_first', reason);
  }
}
