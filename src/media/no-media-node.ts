import type { MediaNode } from '../app/lines/media-node';
import type { MediaStats } from '../app/lines/media-plane';
import { DomainError } from '../domain/error';
import type { RtpCapabilities } from '../protocol';

const NOTHING: MediaStats = {
  workers: 0,
  workersAlive: 0,
  lines: 0,
  bridges: 0,
  transports: 0,
  producers: 0,
  consumers: 0,
  pipes: 0,
  nodePipes: 0,
  workerDeaths: 0,
};

const reject = (): Promise<never> =>
  Promise.reject(new DomainError('media_unavailable', 'this node takes no lines', 1000));
const nothing = (): void => undefined;

/** A node's media with the workers behind it. */
export type WatchedMedia = MediaNode & {
  /** Process ids of the workers, for those who watch or try them from outside. */
  workerPids(): readonly number[];
};

/** The media of a node that has none: other nodes take the lines of the people who are seated here. */
export function noMediaNode(routerRtpCapabilities: RtpCapabilities): WatchedMedia {
  return {
    workerPids: () => [],
    routerRtpCapabilities,
    on: nothing,
    openLine: reject,
    limit: nothing,
    connect: reject,
    produce: reject,
    unproduce: nothing,
    markReady: () => false,
    restartIce: reject,
    closeLine: () => false,
    lineOwners: () => [],
    createBridge: reject,
    createCrossNodeBridge: reject,
    resumeConsumers: () => Promise.resolve(),
    resumeProducers: () => Promise.resolve(),
    closeBridge: nothing,
    openPipe: reject,
    createBridgeLeg: reject,
    closePipe: () => Promise.resolve(),
    forgetNode: nothing,
    stats: () => NOTHING,
    close: () => Promise.resolve(),
  };
}
