import type { Logger } from 'pino';
import { registerBanMetrics } from '../app/bans/metrics';
import { Calls } from '../app/calls/calls';
import { PeerRegistry } from '../app/peers/peer-registry';
import type { Clock } from '../app/ports/clock';
import type { ErrorReporter } from '../app/ports/error-reporter';
import type { Config } from '../config';
import type { PrometheusMetrics } from '../metrics/prometheus';
import { LIMITS } from '../protocol';
import { openAdapters, type Adapters } from './adapters';
import { logBilling } from './billing-log';
import type { Closers } from './closers';
import { logNodes } from './nodes-log';
import { wireAccounts } from './wire-accounts';
import { wireBans } from './wire-bans';
import { wireCalls } from './wire-calls';
import { wireCluster } from './wire-cluster';
import { wireDrain } from './wire-drain';
import { wireLines } from './wire-lines';
import { wireMatchmaking } from './wire-matchmaking';
import { wireMetrics } from './wire-metrics';
import { wireOverload } from './wire-overload';
import { wirePeers } from './wire-peers';
import { wireRecovery } from './wire-recovery';
import { wireTransfer } from './wire-transfer';

/** A page that is closed or loaded again comes back within seconds or not at all. */
const PAGE_CLOSED_MS = 4_000;

export interface PartsDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: PrometheusMetrics;
  readonly reportError: ErrorReporter;
  readonly closers: Closers;
}

export type Parts = Awaited<ReturnType<typeof buildParts>>;

/** Everything behind the two edges that clients reach (sockets and HTTP), feature by feature. */
export async function buildParts(deps: PartsDeps) {
  const { reportError, closers } = deps;
  const adapters = await openAdapters(deps);
  const features = await wireFeatures(deps, adapters);
  const { messenger, membership, recorder } = features;
  addClosers(closers, features);
  recorder
    .endOwnLost()
    .catch((error: unknown) => reportError(error, 'records of lost calls could not be ended'));
  // All handlers are registered: from now on other nodes may send messages.
  await messenger.open();
  membership.start();
  // What broke off before this start.
  void features.plans.followUp?.run();
  return features;
}

async function wireFeatures({ config, log, metrics, reportError }: PartsDeps, adapters: Adapters) {
  const { clock, media, records, bus, liveness, settings, mailer, providerWatch } = adapters;
  const { newWork, pace, graceTimer, closeOverload } = wireOverload({ config, adapters, metrics });
  const graces = { dropped: LIMITS.resumeSeconds * 1000, pageClosed: PAGE_CLOSED_MS };
  const peers = new PeerRegistry(clock, graces, graceTimer);
  const calls = new Calls(clock);
  const cluster = wireCluster({ config, bus, liveness, clock, media, settings, peers, calls, reportError });
  const { messenger, membership, liveStats, drainFlag } = cluster;
  logNodes(log, { membership, calls, messenger });
  const base = { adapters, messenger, membership, peers, calls, reportError };
  const lineParts = wireLines({ config, media, messenger, membership, peers, clock });
  const { lines, bridges, lineRequests } = lineParts;
  const accountParts = await wireAccounts({ config, adapters, peers, lines, reportError });
  const { accounts, admission, plans, usageMemory } = accountParts;
  wireMetrics(metrics, {
    ...{ calls, membership, media, liveStats, records, mailer, providerWatch },
    billingDesk: plans.desk,
  });
  logBilling(log, plans.desk, providerWatch);
  const banParts = await wireBans(base);
  registerBanMetrics(metrics, banParts.bans);
  const callParts = wireCalls({
    ...{ ...base, lines, bridges, accounts, plans, usageMemory },
    ...{ holds: banParts.reportHolds, pace, graceTimer },
  });
  const { negotiation, requeue, resumption, router, remoteCalls, ownedCalls, failover } = callParts;
  const matchmaking = wireMatchmaking({
    ...{ ...base, config, liveStats, lines },
    ...{ negotiation, requeue, router, remoteCalls, ownedCalls, newSearches: newWork, pace },
  });
  const { lobby } = matchmaking;
  const transfer = wireTransfer({ ...base, lines, lobby, remoteCalls, ownedCalls, failover });
  const recovery = wireRecovery({
    ...{ ...base, lines, lineRequests, bridges, remoteCalls, negotiation, resumption, lobby },
    restore: transfer.restore,
  });
  const peerParts = wirePeers({
    ...{ ...base, accounts, admission, plans, usageMemory },
    ...{ directory: transfer.directory, router, arrivals: newWork, pace },
  });
  const { callHandover } = callParts;
  const drain = wireDrain({
    ...{ drainFlag, messenger, membership, media, peers, lines, calls, callHandover, clock, reportError },
  });
  return {
    ...{ ...adapters, ...cluster, ...lineParts, ...accountParts, ...callParts, ...matchmaking },
    ...{ ...transfer, ...recovery, ...peerParts, ...banParts, peers, calls, drain, metrics, reportError },
    ...{ pace, closeOverload },
  };
}

type Features = Awaited<ReturnType<typeof wireFeatures>>;

/** Added in the order in which they open; what was added last closes first. */
function addClosers(closers: Closers, features: Features): void {
  closers.add(features.messenger);
  closers.add(features.membership);
  closers.add({ close: () => features.closeLines() });
  closers.add({ close: () => features.closeDirectors() });
  // What peers are doing ends first. What it still has to write is passed on before anything else is closed.
  closers.add({
    close: () => {
      features.stopSweeping();
      features.closeOverload();
      features.plans.followUp?.close();
      features.drain.close();
      features.closeOwnedCalls();
      features.presence.close();
      features.bans.close();
      features.reportHolds.close();
      features.closeReconciliations();
      // Snapshots of peers are written for their next gateways while it is still known which calls they are in.
      features.closeTransfer();
      features.remoteCalls.close();
      features.peers.close();
    },
  });
}
