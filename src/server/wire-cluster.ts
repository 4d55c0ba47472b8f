import type { MediaNegotiation } from '../app/calls/media-negotiation';
import { RemoteCalls } from '../app/calls/remote-calls';
import { CallSnapshots } from '../app/calls/snapshots';
import { CallHandover } from '../app/calls/handover';
import { OwnedCalls } from '../app/calls/owned-calls';
import { MatchCommit } from '../app/matchmaking/match-commit';
import { CallFailover } from '../app/calls/failover';
import { Drain } from '../app/cluster/drain';
import { PeerRestore } from '../app/transfer/peer-restore';
import { PeerSnapshots } from '../app/transfer/peer-snapshots';
import { PeerTransfer } from '../app/transfer/peer-transfer';
import { peerDirectory } from '../app/transfer/peer-directory';
import type { PeerDirectory } from '../app/peers/handshake';
import type { Peer } from '../app/peers/peer';
import type { Meter } from '../app/calls/talk-meter';
import type { Recovery } from '../app/recovery/recovery';
import type { Lobby } from '../app/matchmaking/lobby';
import type { Wishes } from '../protocol';
import type { CallDeps } from './call-deps';

export interface ClusterDeps extends CallDeps {
  readonly negotiation: MediaNegotiation;
  readonly lobby: Lobby;
  readonly recovery: Recovery;
  readonly meter: Meter;
}

/** Nobody is seated anywhere else. */
const NO_OTHER_NODES: PeerDirectory = {
  claimByToken: () => Promise.resolve(null),
  findElsewhere: () => Promise.resolve(null),
  claim: () => Promise.resolve(null),
};

/** People and calls over several nodes: who is seated where, which call is at home where, and who succeeds whom. */
export function wireCluster(deps: ClusterDeps) {
  const { messenger, clock, calls, lobby, recovery, isAlone, leases, reportError } = deps;
  const putBack = (peer: Peer, wishes: Wishes, since: number): void =>
    void lobby
      .putBack(peer, wishes, since)
      .catch((error: unknown) => reportError(error, 'a person could not be put back'));
  const remoteCalls: RemoteCalls = new RemoteCalls({
    ...deps,
    putBack,
    ownerLost: (call) => void failover.takeOver(call),
  });
  const ownedCalls = new OwnedCalls({
    ...deps,
    allowance: () => deps.plans.freshAllowance(messenger.self),
    resumeCall: (call, peer) => recovery.welcomeBack(call, peer),
  });
  const failover: CallFailover = new CallFailover({ ...deps, remoteCalls, ownedCalls });
  const matchCommit = new MatchCommit({ ...deps, remoteCalls, ownedCalls });
  const arrivals = new PeerRestore({ ...deps, remoteCalls, ownedCalls, failover });
  if (isAlone) {
    const drain = new Drain({ ...deps, handover: { handOver: () => undefined } });
    return {
      remoteCalls,
      ownedCalls,
      matchCommit,
      drain,
      peerDirectory: NO_OTHER_NODES,
      closeFar: () => remoteCalls.close(),
    };
  }
  const callSnapshots = new CallSnapshots({ ...deps, leases, calls, messenger, clock, reportError });
  const snapshots: PeerSnapshots = new PeerSnapshots({
    ...deps,
    remoteCalls,
    taken: (peer) =>
      void peerTransfer
        .vacate(peer, '')
        .catch((error: unknown) => reportError(error, 'somebody could not be given up')),
  });
  const handover = new CallHandover({ ...deps, snapshots: callSnapshots, remoteCalls, failover });
  const drain = new Drain({ ...deps, handover });
  const peerTransfer: PeerTransfer = new PeerTransfer({ ...deps, snapshots, remoteCalls, ownedCalls });
  return {
    remoteCalls,
    ownedCalls,
    matchCommit,
    drain,
    peerDirectory: peerDirectory(peerTransfer, arrivals),
    closeFar: () => {
      drain.close();
      callSnapshots.close();
      snapshots.close();
      remoteCalls.close();
    },
  };
}
