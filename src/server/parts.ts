import type { Logger } from 'pino';
import { Calls } from '../app/calls/calls';
import { PeerRegistry } from '../app/peers/peer-registry';
import type { ErrorReporter } from '../app/ports/error-reporter';
import { LineReconciliation } from '../app/reconciliation/lines';
import { OrphanCleanUp } from '../app/reconciliation/orphans';
import { ParticipantReconciliation } from '../app/reconciliation/participants';
import { PeerRecovery } from '../app/recovery/peer-recovery';
import type { Config } from '../config';
import type { PrometheusMetrics } from '../metrics/prometheus';
import { LIMITS } from '../protocol';
import { openAdapters } from './adapters';
import type { Closers } from './closers';
import { logNodes } from './nodes-log';
import { wireAccounts } from './wire-accounts';
import { wireCalls } from './wire-calls';
import { wireCluster } from './wire-cluster';
import { wireDrain } from './wire-drain';
import { wireLines } from './wire-lines';
import { wireMatchmaking } from './wire-matchmaking';
import { wireMetrics } from './wire-metrics';
import { wirePeers } from './wire-peers';
import { wireTransfer } from './wire-transfer';

/** A page that is closed or loaded again comes back within seconds or not at all. */
const PAGE_CLOSED_MS = 4_000;

export interface PartsDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: PrometheusMetrics;
  readonly reportError: ErrorReporter;
  readonly closers: Closers;
}

export type Parts = Awaited<ReturnType<typeof buildParts>>;

/** Everything behind the two edges that clients reach (sockets and HTTP), feature by feature. */
export async function buildParts({ config, log, metrics, reportError, closers }: PartsDeps) {
  const adapters = await openAdapters(config, log, reportError, closers);
  const { clock, media, records, bus } = adapters;
  const graces = { dropped: LIMITS.resumeSeconds * 1000, pageClosed: PAGE_CLOSED_MS };
  const peers = new PeerRegistry(clock, graces);
  const calls = new Calls(clock);
  const cluster = wireCluster({ config, bus, clock, media, peers, calls, reportError });
  const { messenger, membership, liveStats, drainFlag } = cluster;
  logNodes(log, { membership, calls, messenger });
  wireMetrics(metrics, { calls, membership, media, liveStats, records });
  const lineParts = wireLines({ config, media, messenger, membership, peers, clock });
  const { lines, bridges, lineRequests } = lineParts;
  const accountParts = await wireAccounts({ config, adapters, peers, lines, reportError });
  const { accounts, admission, plans, usageMemory } = accountParts;
  const callParts = wireCalls({
    ...{ adapters, messenger, membership, peers, calls, lines, bridges },
    ...{ accounts, plans, usageMemory, reportError },
  });
  const { negotiation, requeue, resumption, router, remoteCalls, ownedCalls, failover } = callParts;
  const matchmaking = wireMatchmaking({
    ...{ config, adapters, messenger, membership, liveStats, peers, calls, lines },
    ...{ negotiation, requeue, router, remoteCalls, ownedCalls, reportError },
  });
  const { lobby } = matchmaking;
  const { restore, directory, closeTransfer } = wireTransfer({
    ...{ adapters, messenger, membership, peers, calls, lines, lobby },
    ...{ remoteCalls, ownedCalls, failover, reportError },
  });
  new PeerRecovery({
    ...{ peers, lines, lineRequests, bridges, calls, remoteCalls, negotiation, resumption },
    ...{ lobby, restore, clock, reportError },
  });
  const peerParts = wirePeers({
    ...{ adapters, peers, calls, directory, accounts, admission, plans, usageMemory, messenger },
    ...{ partners: router, reportError },
  });
  const { callHandover } = callParts;
  const drain = wireDrain({
    ...{ drainFlag, messenger, membership, media, peers, lines, calls, callHandover, clock },
  });
  const reconciliations = [
    new ParticipantReconciliation({ messenger, membership, calls, remoteCalls, clock, reportError }),
    new LineReconciliation({ messenger, membership, clock, media, lines }),
  ];
  const parts = {
    ...adapters,
    ...cluster,
    ...lineParts,
    ...accountParts,
    ...callParts,
    ...matchmaking,
    ...peerParts,
    ...{ peers, calls, drain, metrics, reportError },
    orphanCleanUp: new OrphanCleanUp({ peers, calls, lines, lobby }),
  };
  closers.add(messenger);
  closers.add(membership);
  closers.add({ close: () => lineParts.closeLines() });
  closers.add({ close: () => matchmaking.closeDirectors() });
  // What peers are doing ends first; what that still has to write is handed over before anything else is closed.
  closers.add({
    close: () => {
      matchmaking.stopSweeping();
      drain.close();
      callParts.closeOwnedCalls();
      peerParts.presence.close();
      for (const reconciliation of reconciliations) reconciliation.close();
      // Peers are written down for their next gateway while it is still known which calls they are in.
      closeTransfer();
      remoteCalls.close();
      peers.close();
    },
  });
  callParts.recorder
    .endLost()
    .catch((error: unknown) => reportError(error, 'records of lost calls could not be ended'));
  // All handlers are registered: from now on other nodes may send messages.
  await messenger.open();
  membership.start();
  return parts;
}
