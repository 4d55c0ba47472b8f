import type { DrainSign } from '../app/cluster/drain';
import { ClusterMedia } from '../app/lines/cluster-media';
import { Membership, type Heartbeat } from '../app/cluster/membership';
import { Regions } from '../app/matchmaking/regions';
import { NodeMessenger } from '../app/cluster/node-messenger';
import type { Calls } from '../app/calls/calls';
import type { PeerRegistry } from '../app/peers/peer-registry';
import { LiveStats, type PeerCounts } from '../app/peers/live-stats';
import type { Config } from '../config';
import type { Adapters } from './adapters';
import type { ErrorReporter } from './error-reporter';

const REGIONS_MS = 1_000;

export interface NodesDeps extends Adapters {
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly reportError: ErrorReporter;
}

export type Nodes = ReturnType<typeof wireNodes>;

/** This node among the others: what it tells of itself, whom it hears, and the media of all of them together. */
export function wireNodes(config: Config, deps: NodesDeps) {
  const { bus, clock, forwarding, peers, calls, reportError } = deps;
  const { region, role } = config.cluster;
  const messenger = new NodeMessenger({ bus, clock, reportError });
  const sign: DrainSign = { isUp: false };
  const own = (): Omit<Heartbeat, 'incarnation'> => {
    const { stats, searchingBy } = liveStats.here();
    const { lines, workersAlive } = forwarding.stats();
    return {
      region,
      role,
      draining: sign.isUp,
      lines,
      workers: workersAlive,
      total: stats.total,
      online: stats.online,
      connected: stats.connected,
      calls: calls.size,
      searching: { ...searchingBy },
    };
  };
  const membership: Membership = new Membership({ messenger, clock, own });
  const liveStats: LiveStats = new LiveStats(peers, clock, () => censusesOf(membership));
  const media = new ClusterMedia({ media: forwarding, messenger, membership, clock, region });
  const regions = new Regions(membership, region);
  return {
    sign,
    messenger,
    membership,
    liveStats,
    media,
    regions,
    stopLooking: clock.every(REGIONS_MS, () => regions.look()),
  };
}

/** The people of the other nodes, as these have last told. */
function censusesOf(membership: Membership): PeerCounts[] {
  return membership.others().map(({ total, online, connected, searching }) => {
    const searchingBy = {
      video: searching.video ?? 0,
      audio: searching.audio ?? 0,
      text: searching.text ?? 0,
    };
    const all = searchingBy.video + searchingBy.audio + searchingBy.text;
    return { stats: { total, online, searching: all, connected }, searchingBy };
  });
}
