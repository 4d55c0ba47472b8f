import type { Calls } from '../app/calls/calls';
import type { MediaNegotiation } from '../app/calls/media-negotiation';
import type { RemoteCalls } from '../app/calls/remote-calls';
import type { CallResumption } from '../app/calls/call-resumption';
import type { Membership } from '../app/cluster/membership';
import type { NodeMessenger } from '../app/cluster/node-messenger';
import type { CallBridges } from '../app/lines/call-bridges';
import type { LineDirectory } from '../app/lines/line-directory';
import type { LineRequests } from '../app/lines/line-requests';
import type { Lobby } from '../app/matchmaking/lobby';
import type { PeerRegistry } from '../app/peers/peer-registry';
import type { ErrorReporter } from '../app/ports/error-reporter';
import { LineReconciliation } from '../app/reconciliation/lines';
import { OrphanCleanUp } from '../app/reconciliation/orphans';
import { ParticipantReconciliation } from '../app/reconciliation/participants';
import { PeerRecovery } from '../app/recovery/peer-recovery';
import type { PeerRestore } from '../app/transfer/peer-restore';
import type { Adapters } from './adapters';

export interface WireRecoveryDeps {
  readonly adapters: Adapters;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly peers: PeerRegistry;
  readonly lines: LineDirectory;
  readonly lineRequests: LineRequests;
  readonly bridges: CallBridges;
  readonly calls: Calls;
  readonly remoteCalls: RemoteCalls;
  readonly negotiation: MediaNegotiation;
  readonly resumption: CallResumption;
  readonly lobby: Lobby;
  readonly restore: PeerRestore;
  readonly reportError: ErrorReporter;
}

export interface WiredRecovery {
  readonly orphanCleanUp: OrphanCleanUp;
  readonly closeReconciliations: () => void;
}

/** What brings peers back after a lost connection, and what looks for anything that was lost on the way. */
export function wireRecovery(deps: WireRecoveryDeps): WiredRecovery {
  const { adapters, messenger, membership, peers, calls, remoteCalls, lines, lobby, reportError } = deps;
  const { clock, media } = adapters;
  new PeerRecovery({ ...deps, clock });
  const reconciliations = [
    new ParticipantReconciliation({ messenger, membership, calls, remoteCalls, clock, reportError }),
    new LineReconciliation({ messenger, membership, clock, media, lines, reportError }),
  ];
  return {
    orphanCleanUp: new OrphanCleanUp({ peers, calls, lines, lobby }),
    closeReconciliations: () => {
      for (const reconciliation of reconciliations) reconciliation.close();
    },
  };
}
