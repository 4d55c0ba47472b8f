import type { PeerDirectory, TransferredPeer } from '../peers/handshake';
import type { PeerSnapshot } from '../cluster/contract';
import type { PeerRestore } from './peer-restore';
import type { PeerTransfer } from './peer-transfer';

/** Seats on other nodes, as whoever greets people asks for them. */
export function peerDirectory(peerDirectory: PeerTransfer, arrivals: PeerRestore): PeerDirectory {
  const fetched = (note: PeerSnapshot | null): TransferredPeer | null =>
    note === null ? null : { identity: note.identity, restore: (peer) => arrivals.restore(peer, note) };
  return {
    claimByToken: async (resumeToken) => fetched(await peerDirectory.recall(resumeToken)),
    findElsewhere: (peerId) => peerDirectory.elsewhere(peerId),
    claim: async (peerId) => fetched(await peerDirectory.take(peerId)),
  };
}
