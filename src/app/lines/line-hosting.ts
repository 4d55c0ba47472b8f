import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { NodeAddress } from '../ports/bus';
import { MEDIA_NODE_NOTIFICATIONS, type LocalMediaNode, type MediaNode } from './media-node';
import { bridgeBroken, lineLost } from './messages';
import { remoteMediaNode, serveMediaNode } from './remote-media-node';

export interface LineHostingDeps {
  readonly media: LocalMediaNode;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
}

/**
 * Opens this node's media to all nodes: serves their requests, notifies gateways and owners of what happens to their
 * lines and bridges, and closes pipes to nodes that died. Answers with the media of any node, this one included.
 */
export function hostLines({
  media,
  messenger,
  membership,
}: LineHostingDeps): (address: NodeAddress) => MediaNode {
  const nodes = (address: NodeAddress): MediaNode =>
    address === messenger.self ? media : remoteMediaNode(messenger, address);
  media.useNodes(nodes);
  serveMediaNode(messenger, media);
  media.on({
    lineLost: ({ peerId, lineId, gateway }) => messenger.notify(gateway, lineLost, { peerId, lineId }),
    pipeLost: (node, pipeId) => messenger.notify(node, MEDIA_NODE_NOTIFICATIONS.closePipe, { pipeId }),
    // All nodes are notified, because this node does not know which node owns the call by now.
    bridgeBroken: (callId, generation) =>
      void messenger.notifyAll(bridgeBroken, { callId, generation }).catch(() => undefined),
  });
  membership.on({ died: (node) => media.forgetNode(node) });
  return nodes;
}
