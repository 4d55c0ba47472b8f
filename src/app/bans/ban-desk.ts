import { randomUUID } from 'node:crypto';
import { networkKindOf } from '../../domain/addresses';
import { BAN_KINDS, FOLLOWS, type Ban, type BanKind, type BanSubject } from '../../domain/bans';
import { DomainError } from '../../domain/error';
import { userIdOf } from '../../domain/users';
import type { Users } from '../accounts/ports/users';
import type { Visit } from '../accounts/visit';
import type { PeerRegistry } from '../peers/peer-registry';
import type { AddressHasher } from '../ports/address-hasher';
import type { AuditAction, AuditLog } from '../ports/audit-log';
import type { Clock } from '../ports/clock';
import type { ReportHistory } from './ban-store';
import type { Bans } from './bans';

/** Whom an operator bans: exactly one of these. */
export type BanTarget =
  | { readonly userId: string }
  /** Whomever this report is about. */
  | { readonly reportId: string }
  /** The mark of a device, as lists of bans show it. */
  | { readonly device: string }
  /** An IP address, or a network of 24 (IPv4) or 48 bits (IPv6). Only its keyed hash is kept. */
  | { readonly address: string };

export interface BanOrder {
  readonly target: BanTarget;
  readonly follows?: readonly BanKind[];
  readonly reason: Ban['reason'];
  readonly note: string;
  /** Null: for good. */
  readonly hours: number | null;
}

export interface BanDeskDeps {
  readonly bans: Bans;
  readonly reports: ReportHistory;
  readonly users: Pick<Users, 'get'>;
  readonly peers: Pick<PeerRegistry, 'windowsOf'>;
  readonly addresses: AddressHasher;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

const HOUR_MS = 3_600_000;
/** Bans on one page of the list. */
const LISTED = 500;

/** What operators do about bans: list them, impose them, lift them. Each is in the audit log. */
export class BanDesk {
  constructor(private readonly deps: BanDeskDeps) {}

  /**
   * A page of all bans, the newest first, those that are over included; `before`: the last ban of the page before. `next`:
   * the `before` of the next page, null on the last one. Throws `DomainError('not_found')` where `before` is gone.
   */
  async list(before: string | null): Promise<{ bans: Ban[]; next: string | null }> {
    const { bans } = this.deps;
    const from = before === null ? null : await bans.get(before);
    if (from === null && before !== null) throw new DomainError('not_found', 'there is no such ban');
    const page = await bans.latest(LISTED, from ?? undefined);
    return { bans: page, next: page.length < LISTED ? null : (page.at(-1)?.id ?? null) };
  }

  /** Every ban about this user, device, address or network, the newest first, those that are over included. */
  about(mark: string): Promise<Ban[]> {
    return this.deps.bans.history(
      BAN_KINDS.map((kind) => ({ kind, mark })),
      0,
    );
  }

  /** Throws `DomainError` with `not_found`, `bad_data`, `records_unavailable`. */
  async impose({ target, follows, reason, note, hours }: BanOrder, visit: Visit): Promise<Ban> {
    const { bans, clock } = this.deps;
    const now = clock.now();
    const ban = await bans.impose({
      id: randomUUID(),
      subjects: await this.subjectsOf(target, follows ?? FOLLOWS),
      follows: follows ?? FOLLOWS,
      reason,
      note,
      by: 'operator',
      createdAt: now,
      endsAt: hours === null ? null : now + hours * HOUR_MS,
      liftedAt: null,
    });
    this.record('ban.imposed', ban, visit);
    return ban;
  }

  /**
   * Whether anything tells of this user: an account or a guest's record, a window of theirs at this node, a report. Null
   * where the order names no user, or the records do not answer. A guest may leave nothing behind, so `false` is a doubt
   * about the id and no proof against it.
   */
  async knowsUserOf(target: BanTarget): Promise<boolean | null> {
    if (!('userId' in target)) return null;
    const { users, peers, reports } = this.deps;
    const userId = userIdOf(target.userId);
    if (peers.windowsOf(userId).length > 0) return true;
    try {
      return (
        (await users.get(userId)) !== null || (await reports.about({ userId, device: null }, 0)).length > 0
      );
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }

  async lift(id: string, visit: Visit): Promise<Ban> {
    const ban = await this.deps.bans.lift(id);
    this.record('ban.lifted', ban, visit);
    return ban;
  }

  private async subjectsOf(target: BanTarget, follows: readonly BanKind[]): Promise<BanSubject[]> {
    if ('userId' in target) return [{ kind: 'user', mark: userIdOf(target.userId) }];
    if ('device' in target) return [{ kind: 'device', mark: target.device }];
    if ('address' in target) return [this.network(target.address)];
    const reported = await this.deps.reports.reported(target.reportId);
    if (reported === null) throw new DomainError('not_found', 'there is no such report');
    const { userId, device, address } = reported;
    return [
      { kind: 'user', mark: userIdOf(userId) },
      ...(device !== null && follows.includes('device') ? [{ kind: 'device' as const, mark: device }] : []),
      ...(address !== null && follows.includes('address')
        ? [{ kind: 'address' as const, mark: address }]
        : []),
    ];
  }

  private network(written: string): BanSubject {
    const kind = networkKindOf(written);
    if (kind === null) {
      throw new DomainError(
        'bad_data',
        'an address has to be an IP address, or a network of /24 (IPv4), /48 or /64 (IPv6)',
      );
    }
    const { address, subnet } = this.deps.addresses.hash(written);
    return kind === 'household' ? { kind: 'address', mark: address } : { kind: 'subnet', mark: subnet };
  }

  private record(action: AuditAction, { subjects }: Ban, { addressHashes, userAgent }: Visit): void {
    const subjectId = subjects.find(({ kind }) => kind === 'user')?.mark ?? null;
    const entry = { action, actorId: 'operator', subjectId, addressHash: addressHashes.address, userAgent };
    void this.deps.audit.append(entry, this.deps.clock.now());
  }
}
