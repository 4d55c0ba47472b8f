import type { Membership } from '../app/cluster/membership';
import type { NodeMessenger } from '../app/cluster/node-messenger';
import { LineReconciliation } from '../app/reconciliation/lines';
import { OrphanCleanUp } from '../app/reconciliation/orphans';
import { ParticipantReconciliation } from '../app/reconciliation/participants';
import { PeerRecovery, type PeerRecoveryDeps } from '../app/recovery/peer-recovery';
import type { Adapters } from './adapters';

export interface WireRecoveryDeps extends Omit<PeerRecoveryDeps, 'clock'> {
  readonly adapters: Adapters;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
}

export interface WiredRecovery {
  readonly orphanCleanUp: OrphanCleanUp;
  readonly closeReconciliations: () => void;
}

/** What brings peers back after a lost connection, and what looks for anything that was lost on the way. */
export function wireRecovery(deps: WireRecoveryDeps): WiredRecovery {
  const { adapters, messenger, membership, peers, calls, remoteCalls, lines, lobby, reportError } = deps;
  const { lineRequests, bridges, negotiation, resumption, restore } = deps;
  const { clock, media } = adapters;
  new PeerRecovery({
    peers,
    lines,
    lineRequests,
    bridges,
    calls,
    remoteCalls,
    negotiation,
    resumption,
    lobby,
    restore,
    clock,
    reportError,
  });
  const reconciliations = [
    new ParticipantReconciliation({ messenger, membership, calls, remoteCalls, peers, clock, reportError }),
    new LineReconciliation({ messenger, membership, clock, media, lines, reportError }),
  ];
  return {
    orphanCleanUp: new OrphanCleanUp({ peers, calls, lines, lobby }),
    closeReconciliations: () => {
      for (const reconciliation of reconciliations) reconciliation.close();
    },
  };
}
