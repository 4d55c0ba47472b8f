import type { NotificationDefinition, RequestDefinition } from '../cluster/messages';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { NodeAddress } from '../ports/bus';
import {
  MEDIA_NODE_NOTIFICATIONS,
  MEDIA_NODE_REQUESTS,
  type LocalMediaNode,
  type MediaNode,
} from './media-node';

/** The media of another node: each method call is sent to that node as the message of the same name in the tables. */
export function remoteMediaNode(messenger: NodeMessenger, node: NodeAddress): MediaNode {
  const request =
    <Data, Reply>(definition: RequestDefinition<Data, Reply>) =>
    (data: Data): Promise<Reply> =>
      messenger.request(node, definition, data);
  const notify =
    <Data>(definition: NotificationDefinition<Data>) =>
    (data: Data): void =>
      messenger.notify(node, definition, data);
  const r = MEDIA_NODE_REQUESTS;
  const n = MEDIA_NODE_NOTIFICATIONS;
  return {
    openLine: request(r.openLine),
    connect: request(r.connect),
    produce: request(r.produce),
    markReady: request(r.markReady),
    restartIce: request(r.restartIce),
    setGateway: request(r.setGateway),
    createBridge: request(r.createBridge),
    resumeConsumers: request(r.resumeConsumers),
    resumeProducers: request(r.resumeProducers),
    openPipe: request(r.openPipe),
    createBridgeLeg: request(r.createBridgeLeg),
    limit: notify(n.limit),
    unproduce: notify(n.unproduce),
    closeLine: notify(n.closeLine),
    closeBridge: notify(n.closeBridge),
    closePipe: notify(n.closePipe),
  };
}

/** Serves other nodes' requests and notifications with this node's media: each row of the two tables has to be here. */
export function serveMediaNode(messenger: NodeMessenger, media: LocalMediaNode): void {
  const r = MEDIA_NODE_REQUESTS;
  const n = MEDIA_NODE_NOTIFICATIONS;
  const registrations: Record<keyof typeof r | keyof typeof n, () => void> = {
    openLine: () => messenger.onRequest(r.openLine, (data) => media.openLine(data)),
    connect: () => messenger.onRequest(r.connect, (data) => media.connect(data)),
    produce: () => messenger.onRequest(r.produce, (data) => media.produce(data)),
    markReady: () => messenger.onRequest(r.markReady, (data) => media.markReady(data)),
    restartIce: () => messenger.onRequest(r.restartIce, (data) => media.restartIce(data)),
    setGateway: () => messenger.onRequest(r.setGateway, (data) => media.setGateway(data)),
    createBridge: () => messenger.onRequest(r.createBridge, (data) => media.createBridge(data)),
    resumeConsumers: () => messenger.onRequest(r.resumeConsumers, (data) => media.resumeConsumers(data)),
    resumeProducers: () => messenger.onRequest(r.resumeProducers, (data) => media.resumeProducers(data)),
    openPipe: () => messenger.onRequest(r.openPipe, (data) => media.openPipe(data)),
    createBridgeLeg: () => messenger.onRequest(r.createBridgeLeg, (data) => media.createBridgeLeg(data)),
    limit: () => messenger.onNotification(n.limit, (data) => media.limit(data)),
    unproduce: () => messenger.onNotification(n.unproduce, (data) => media.unproduce(data)),
    closeLine: () => messenger.onNotification(n.closeLine, (data) => media.closeLine(data)),
    closeBridge: () => messenger.onNotification(n.closeBridge, (data) => media.closeBridge(data)),
    closePipe: () => messenger.onNotification(n.closePipe, (data) => media.closePipe(data)),
  };
  for (const register of Object.values(registrations)) register();
}
