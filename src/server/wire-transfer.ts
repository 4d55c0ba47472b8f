import type { Calls } from '../app/calls/calls';
import type { CallFailover } from '../app/calls/failover';
import type { OwnedCalls } from '../app/calls/owned-calls';
import type { RemoteCalls } from '../app/calls/remote-calls';
import type { Membership } from '../app/cluster/membership';
import type { NodeMessenger } from '../app/cluster/node-messenger';
import type { LineDirectory } from '../app/lines/line-directory';
import type { Lobby } from '../app/matchmaking/lobby';
import type { PeerRegistry } from '../app/peers/peer-registry';
import type { PeerDirectory } from '../app/peers/handshake';
import type { ErrorReporter } from '../app/ports/error-reporter';
import { clusterPeerDirectory, NO_OTHER_GATEWAYS } from '../app/transfer/peer-directory';
import { PeerRestore } from '../app/transfer/peer-restore';
import { PeerSnapshots } from '../app/transfer/peer-snapshots';
import { PeerTransfer } from '../app/transfer/peer-transfer';
import type { Adapters } from './adapters';

export interface WireTransferDeps {
  readonly adapters: Adapters;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly lines: LineDirectory;
  readonly lobby: Lobby;
  readonly remoteCalls: RemoteCalls;
  readonly ownedCalls: OwnedCalls;
  readonly failover: CallFailover;
  readonly reportError: ErrorReporter;
}

export interface WiredTransfer {
  readonly restore: PeerRestore;
  readonly directory: PeerDirectory;
  readonly closeTransfer: () => void;
}

/** How peers move from one gateway to another. */
export function wireTransfer(deps: WireTransferDeps): WiredTransfer {
  const { adapters, messenger, membership, peers, calls, lines, lobby, reportError } = deps;
  const { remoteCalls, ownedCalls, failover } = deps;
  const { isAlone, leases, promptLeases, clock } = adapters;
  const restore = new PeerRestore({
    ...{ lines, membership, messenger, remoteCalls, ownedCalls, failover, lobby, clock },
  });
  if (isAlone) return { restore, directory: NO_OTHER_GATEWAYS, closeTransfer: () => undefined };
  const snapshots = new PeerSnapshots({
    ...{ leases, peers, calls, remoteCalls, lines, messenger, membership, clock, reportError },
  });
  const transfer = new PeerTransfer({
    ...{ snapshots, membership, messenger, peers, calls, lobby, remoteCalls, ownedCalls, lines },
    leases: promptLeases,
    fencing: leases,
    ...{ clock, reportError },
  });
  return {
    restore,
    directory: clusterPeerDirectory(transfer, restore),
    closeTransfer: () => snapshots.close(),
  };
}
