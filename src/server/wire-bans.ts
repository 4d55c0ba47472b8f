import { BanDesk } from '../app/bans/ban-desk';
import { Bans } from '../app/bans/bans';
import { ReportHolds } from '../app/bans/report-holds';
import type { Membership } from '../app/cluster/membership';
import type { NodeMessenger } from '../app/cluster/node-messenger';
import type { PeerRegistry } from '../app/peers/peer-registry';
import type { ErrorReporter } from '../app/ports/error-reporter';
import { RecordedAuditLog } from '../records/repositories/audit-log';
import { RecordedBans, RecordedReportHistory } from '../records/repositories/bans';
import { RecordedUsers } from '../records/repositories/users';
import type { Adapters } from './adapters';

export interface WireBansDeps {
  readonly adapters: Adapters;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly peers: PeerRegistry;
  readonly reportError: ErrorReporter;
}

/** Bans by operators, and holds after reports. The bans of the records are known when this resolves, if these answer. */
export async function wireBans({ adapters, messenger, membership, peers, reportError }: WireBansDeps) {
  const { clock, addresses, records } = adapters;
  const { collections, promptCollections, outbox } = records;
  // A greeting may have to look for the bans of somebody.
  const store = new RecordedBans({
    ...collections.bans,
    find: (filter, page) => promptCollections.bans.find(filter, page),
  });
  const reports = new RecordedReportHistory(collections.reports, outbox);
  const bans = new Bans({ store, peers, messenger, membership, clock, reportError });
  const audit = new RecordedAuditLog(outbox, reportError);
  // A database that is away must not hold up the start: the bans are read again and again.
  await bans.read().catch(() => bans.readLater());
  return {
    bans,
    banDesk: new BanDesk({
      ...{ bans, reports, peers, addresses, audit, clock },
      users: new RecordedUsers(collections.users),
    }),
    reportHolds: new ReportHolds({ bans, reports, clock, reportError }),
  };
}
