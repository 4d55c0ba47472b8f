import { createHash } from 'node:crypto';
import type { RateLimit } from '../../domain/token-bucket';
import { emailKey } from '../../domain/users';
import { DomainError } from '../../domain/error';
import type { Throttle } from '../ports/throttle';
import type { Visit } from './visit';

const MINUTE = 60;

/**
 * How often an action that is worth guessing, or costs much, may be tried. `ours`: for one account from one address;
 * `account`: for one account from anywhere, wide enough that a stranger cannot easily lock the owner out. `mails`: how
 * often the action sends a mail to one account. It is narrow, since a mailbox can be flooded, but wide enough that a few
 * strangers do not keep the owner's mail away.
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
    mails: { burst: 12, perSecond: 1 / (5 * MINUTE) },
  },
  /** The account is that of the e-mail's token. */
  confirmAccount: {
    address: { burst: 20, perSecond: 4 / MINUTE },
    account: { burst: 8, perSecond: 1 / MINUTE },
  },
  askReset: {
    address: { burst: 10, perSecond: 1 / MINUTE },
    ours: { burst: 3, perSecond: 1 / (20 * MINUTE) },
    mails: { burst: 12, perSecond: 1 / (5 * MINUTE) },
  },
  useReset: { address: { burst: 10, perSecond: 2 / MINUTE } },
  proveSelf: { account: { burst: 6, perSecond: 1 / MINUTE } },
  export: { account: { burst: 5, perSecond: 1 / (5 * MINUTE) } },
} as const satisfies Record<string, LimitsOfAttempt>;

type LimitsOfAttempt = Partial<Record<'address' | 'subnet' | 'ours' | 'account' | 'mails', RateLimit>>;
export type Attempt = keyof typeof LOGIN_THROTTLE_LIMITS;
export type LoginThrottleLimits = Readonly<Record<Attempt, LimitsOfAttempt>>;

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

  /**
   * Whether the attempt may send a mail to the account, and counts it if so. The reply must not show a refusal: it would
   * tell strangers that somebody uses this address here.
   */
  async mayMail(attempt: Attempt, account: string): Promise<boolean> {
    const limit = this.limits[attempt].mails;
    if (limit === undefined) return true;
    return (
      (await this.throttle.take([{ key: `${attempt} mails ${digest(emailKey(account))}`, limit }])) === 0
    );
  }
}

/** Keys are hashed, because they may leave the process and must not reveal who has an account. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
