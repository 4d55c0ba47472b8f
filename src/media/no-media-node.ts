import type { LocalMediaNode, MediaStats } from '../app/lines/media-node';
import { DomainError } from '../domain/error';
import type { RtpCapabilities } from '../protocol';

const NO_STATS: MediaStats = {
  workers: 0,
  workersAlive: 0,
  workersFailing: 0,
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
const ignore = (): void => undefined;

/** The media of a node that has none: other nodes take the lines of the peers whose gateway it is. */
export function noMediaNode(routerRtpCapabilities: RtpCapabilities): LocalMediaNode {
  return {
    routerRtpCapabilities,
    on: ignore,
    useNodes: ignore,
    openLine: reject,
    connect: reject,
    produce: reject,
    markReady: reject,
    restartIce: reject,
    setGateway: () => Promise.resolve({ known: false }),
    createBridge: reject,
    createBridgeLeg: reject,
    resumeConsumers: () => Promise.resolve({}),
    resumeProducers: () => Promise.resolve({}),
    openPipe: reject,
    limit: ignore,
    unproduce: ignore,
    closeLine: ignore,
    closeBridge: ignore,
    closePipe: ignore,
    hostedLines: () => [],
    forgetNode: ignore,
    stats: () => NO_STATS,
    workerPids: () => [],
    close: () => Promise.resolve(),
  };
}
