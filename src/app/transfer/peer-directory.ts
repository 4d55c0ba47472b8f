import type { PeerDirectory, TransferredPeer } from '../peers/handshake';
import type { PeerRestore } from './peer-restore';
import type { PeerSnapshot } from './peer-snapshot';
import type { PeerTransfer } from './peer-transfer';

/** Peers at other gateways, as the handshake looks them up and claims them. */
export function clusterPeerDirectory(transfer: PeerTransfer, restore: PeerRestore): PeerDirectory {
  const transferred = (snapshot: PeerSnapshot | null): TransferredPeer | null =>
    snapshot === null
      ? null
      : { identity: snapshot.identity, restore: (peer) => restore.restore(peer, snapshot) };
  return {
    claimByToken: async (resumeToken) => transferred(await transfer.claimByToken(resumeToken)),
    findElsewhere: (peerId) => transfer.findElsewhere(peerId),
    claim: async (peerId) => transferred(await transfer.claim(peerId)),
  };
}

/** This is the only node: nobody is anywhere else. */
export const NO_OTHER_GATEWAYS: PeerDirectory = {
  claimByToken: () => Promise.resolve(null),
  findElsewhere: () => Promise.resolve(null),
  claim: () => Promise.resolve(null),
};
