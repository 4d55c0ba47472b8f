import { createHash } from 'node:crypto';
import type { RateLimit } from '../../domain/token-bucket';
import { emailKey } from '../../domain/users';
import { DomainError } from '../../domain/error';
import type { Throttle } from '../ports/throttle';
import type { Visit } from './visit';

const MINUTE = 60;

/**
 * How often an action that is worth guessing, or costs much, may be tried. `ours`: for one account from one address;
 * `account`: for one account from anywhere. For log-ins it is wide enough that a stranger cannot easily lock the owner out;
 * where each attempt sends a mail it is narrower, since a mailbox can be flooded. Even there, a few strangers cannot
 * lock the owner out, who comes from another address.
 */
export const LOGIN_THROTTLE_LIMITS = {
  logIn: {
    address: { burst: 30, perSecond: 12 / MINUTE },
    subnet: { burst: 200, perSecond: 60 / MINUTE },
    ours: { burst: 8, perSecond: 2 / MINUTE },
    account: { burst: 50, perSecond: 4 / MINUTE },
  },
  register: {
    address: { burst: 20, perSecond: 1 / MINUTE },
    subnet: { burst: 100, perSecond: 6 / MINUTE },
    ours: { burst: 3, perSecond: 1 / (20 * MINUTE) },
    account: { burst: 12, perSecond: 1 / (5 * MINUTE) },
  },
  /** The account is that of the e-mail's token. */
  confirmAccount: {
    address: { burst: 20, perSecond: 4 / MINUTE },
    account: { burst: 8, perSecond: 1 / MINUTE },
  },
  askReset: {
    address: { burst: 10, perSecond: 1 / MINUTE },
    ours: { burst: 3, perSecond: 1 / (20 * MINUTE) },
    account: { burst: 12, perSecond: 1 / (5 * MINUTE) },
  },
  useReset: { address: { burst: 10, perSecond: 2 / MINUTE } },
  proveSelf: { account: { burst: 6, perSecond: 1 / MINUTE } },
  export: { account: { burst: 5, perSecond: 1 / (5 * MINUTE) } },
} as const satisfies Record<string, Partial<Record<'address' | 'subnet' | 'ours' | 'account', RateLimit>>>;

export type Attempt = keyof typeof LOGIN_THROTTLE_LIMITS;
export type LoginThrottleLimits = Readonly<
  Record<Attempt, Partial<Record<'address' | 'subnet' | 'ours' | 'account', RateLimit>>>
>;

/** Limits how often an action is tried, by the client's address and by the account. */
export class LoginThrottle {
  constructor(
    private readonly throttle: Throttle,
    private readonly limits: LoginThrottleLimits = LOGIN_THROTTLE_LIMITS,
  ) {}

  /**
   * `account`: an e-mail address or a user id, whether or not there is such an account. Throws
   * `DomainError('rate_limited')`.
   */
  async count(attempt: Attempt, { marks }: Pick<Visit, 'marks'>, account = ''): Promise<void> {
    const whose = digest(emailKey(account));
    const keys = {
      address: marks.address,
      subnet: marks.subnet,
      ours: `${whose} ${marks.address}`,
      account: whose,
    };
    const limits = this.limits[attempt];
    // The address goes first: a client that has used its bucket up can then neither use nor create other buckets.
    const buckets = (['address', 'subnet', 'ours', 'account'] as const).flatMap((by) => {
      const limit = limits[by];
      return limit === undefined ? [] : [{ key: `${attempt} ${by} ${keys[by]}`, limit }];
    });
    const waitMs = await this.throttle.take(buckets);
    if (waitMs > 0) throw new DomainError('rate_limited', 'this was tried too often', waitMs);
  }
}

/** Keys are hashed, because they may leave the process and must not reveal who has an account. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
