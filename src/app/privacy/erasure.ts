import { DomainError } from '../../domain/error';
import type { EraseReply } from '../../protocol';
import type { AccountEventBus } from '../accounts/account-events';
import type { AuditTrail } from '../accounts/audit-trail';
import type { Reauthentication } from '../accounts/reauthentication';
import type { Visit } from '../accounts/visit';
import type { Identity } from '../accounts/identity';
import type { GuestStore } from '../accounts/ports/guest-store';
import type { LogIns } from '../accounts/ports/log-ins';
import type { PasswordResets } from '../accounts/ports/password-resets';
import type { PendingRegistrations } from '../accounts/ports/pending-registrations';
import type { PersonalRecords } from './personal-records';
import type { Subscriptions } from '../plans/ports/subscriptions';
import type { Users } from '../accounts/ports/users';

export interface ErasureDeps {
  readonly users: Users;
  readonly logIns: LogIns;
  readonly registrations: PendingRegistrations;
  readonly resets: PasswordResets;
  readonly guests: GuestStore;
  readonly subscriptions: Pick<Subscriptions, 'get'>;
  readonly records: PersonalRecords;
  readonly reauthentication: Pick<Reauthentication, 'prove'>;
  readonly auditTrail: AuditTrail;
  readonly accountEvents: AccountEventBus;
  /** Ends what a billing provider still charges for. Throws `DomainError('billing_unavailable')`. */
  readonly endBilling: (userId: string) => Promise<void>;
  /**
   * Resolves when everything about the user's ended calls has been written: a later write would bring back what is
   * erased here. `false`: that takes too long.
   */
  readonly settled: () => Promise<boolean>;
}

/** When a retry makes sense after an erasure that had to wait too long for writes. */
const RETRY_MS = 10_000;

/**
 * Erases a user and everything about them that may be erased (G1). What others rely on (reports), or the law
 * requires, is kept for that purpose alone, and listed in the reply.
 *
 * Every step can be repeated, and the user's own record goes last: after a crash in the middle, or a failure of the
 * store, the user still exists and can request the erasure again.
 */
export class Erasure {
  constructor(private readonly deps: ErasureDeps) {}

  /**
   * An account needs its password. Throws `DomainError` with `wrong_credentials`, `rate_limited`,
   * `billing_unavailable`, `records_unavailable`.
   */
  async erase(identity: Identity, password: string | undefined, visit: Visit): Promise<EraseReply> {
    const { auditTrail, endBilling, subscriptions, reauthentication } = this.deps;
    const { userId, isAnonymous } = identity;
    if (!isAnonymous) {
      if (password === undefined) throw new DomainError('wrong_credentials', 'the password is needed');
      await reauthentication.prove(userId, password, visit);
    }
    // The audit log is about accounts. Guests need no registration, and could fill the log without limit.
    if (!isAnonymous) await auditTrail.recordAction('account.erase_asked', userId, visit);
    const plan = await subscriptions.get(userId);
    await endBilling(userId);
    return this.eraseProven(identity, visit, plan !== null && plan.providerSubscriptionId !== null);
  }

  private async eraseProven(identity: Identity, visit: Visit, hasPaid: boolean): Promise<EraseReply> {
    const { users, registrations, resets, records, logIns, accountEvents, auditTrail, settled } = this.deps;
    const { userId, isAnonymous } = identity;
    // The user's log-ins end first, so that no device comes in while the rest is erased.
    const devices = (await logIns.removeAll(userId)).length;
    accountEvents.loggedOut(userId, 'all');
    accountEvents.erased(userId);
    if (!(await settled())) {
      throw new DomainError('records_unavailable', 'what is to be erased is not written yet', RETRY_MS);
    }
    const calls = await records.eraseFromCalls(userId);
    const reports = await records.restrictReports(userId);
    const plan = await records.removePlan(userId);
    await resets.removeAll(userId);
    await registrations.removeAll(userId, (await users.get(userId))?.email ?? null);
    if (!isAnonymous) await auditTrail.recordAction('account.erased', userId, visit);
    const account = await this.removeSelf(identity);
    // An event of the billing provider that was under way may have made it again.
    await records.removePlan(userId);
    const audit = await records.auditKept(userId);
    const bans = await records.bansKept(userId);
    return {
      erased: [
        { what: 'account', count: account },
        { what: 'devices', count: devices },
        { what: 'plan', count: plan },
        { what: 'calls', count: calls },
      ],
      kept: [
        ...(reports > 0 ? [{ what: 'reports' as const, count: reports, untilAt: null }] : []),
        ...(hasPaid ? [{ what: 'payments' as const, count: 1, untilAt: null }] : []),
        ...(audit.count > 0 ? [{ what: 'audit' as const, ...audit }] : []),
        ...(bans.count > 0 ? [{ what: 'bans' as const, ...bans }] : []),
      ],
    };
  }

  private async removeSelf({ userId, guestSession }: Identity): Promise<number> {
    const { users, logIns, registrations, resets, guests, accountEvents } = this.deps;
    const had = await users.remove(userId);
    if (guestSession !== null) await guests.remove(guestSession);
    // Repeated: a request that was under way may have made these records again.
    await users.remove(userId);
    await logIns.removeAll(userId);
    await resets.removeAll(userId);
    await registrations.removeAll(userId, null);
    // A peer may have connected with them meanwhile.
    accountEvents.loggedOut(userId, 'all');
    accountEvents.erased(userId);
    return had || guestSession !== null ? 1 : 0;
  }
}
