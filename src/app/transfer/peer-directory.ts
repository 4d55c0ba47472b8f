import type { PeerDirectory, TransferredPeer } from '../peers/handshake';
import type { PeerRestore } from './peer-restore';
import type { PeerSnapshot } from './peer-snapshot';
import type { PeerTransfer } from './peer-transfer';

/** Lets the handshake look up and claim peers who are at other gateways. */
export function clusterPeerDirectory(transfer: PeerTransfer, restore: PeerRestore): PeerDirectory {
  const transferred = (snapshot: PeerSnapshot | null): TransferredPeer | null =>
    snapshot === null
      ? null
      : { identity: snapshot.identity, restore: (peer) => restore.restore(peer, snapshot) };
  return {
    claimByToken: async (resumeToken, isWanted) =>
      transferred(await transfer.claimByToken(resumeToken, isWanted)),
    findElsewhere: (peerId) => transfer.findElsewhere(peerId),
    claim: async (peerId, isWanted) => transferred(await transfer.claim(peerId, isWanted)),
  };
}

/** For a single node: there are no other gateways. */
export const NO_OTHER_GATEWAYS: PeerDirectory = {
  claimByToken: () => Promise.resolve(null),
  findElsewhere: () => Promise.resolve(null),
  claim: () => Promise.resolve(null),
};
