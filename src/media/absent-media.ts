import type { MediaNode } from '../app/ports/media-node';
import type { MediaCensus } from '../app/ports/media-plane';
import { Refusal } from '../domain/refusal';
import type { RtpCapabilities } from '../protocol';

const NOTHING: MediaCensus = {
  workers: 0,
  workersAlive: 0,
  lines: 0,
  joinings: 0,
  transports: 0,
  producers: 0,
  consumers: 0,
  pipes: 0,
  nodePipes: 0,
  workerDeaths: 0,
};

const refuse = (): Promise<never> =>
  Promise.reject(new Refusal('media_unavailable', 'this node takes no lines', 1000));
const nothing = (): void => undefined;

/** A node's media with the workers behind it. */
export type WatchedMedia = MediaNode & {
  /** Process ids of the workers, for those who watch or try them from outside. */
  workerPids(): readonly number[];
};

/** The media of a node that has none: other nodes take the lines of the people who are seated here. */
export function absentMedia(routerRtpCapabilities: RtpCapabilities): WatchedMedia {
  return {
    workerPids: () => [],
    routerRtpCapabilities,
    on: nothing,
    openLine: refuse,
    limit: nothing,
    connect: refuse,
    produce: refuse,
    unproduce: nothing,
    markReady: () => false,
    restartIce: refuse,
    closeLine: () => false,
    lineOwners: () => [],
    join: refuse,
    joinAcross: refuse,
    openWay: () => Promise.resolve(),
    letFlow: () => Promise.resolve(),
    part: nothing,
    openPipe: refuse,
    layHalf: refuse,
    closePipe: () => Promise.resolve(),
    forgetNode: nothing,
    census: () => NOTHING,
    close: () => Promise.resolve(),
  };
}
