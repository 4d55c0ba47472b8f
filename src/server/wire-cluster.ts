import type { Calls } from '../app/calls/calls';
import type { DrainFlag } from '../app/cluster/drain';
import { Membership, type Heartbeat } from '../app/cluster/membership';
import { NodeMessenger } from '../app/cluster/node-messenger';
import type { NodeLiveness } from '../app/cluster/ports/node-liveness';
import type { LocalMediaNode } from '../app/lines/media-node';
import { LiveStats } from '../app/peers/live-stats';
import type { PeerRegistry } from '../app/peers/peer-registry';
import type { Bus } from '../app/ports/bus';
import type { Clock } from '../app/ports/clock';
import type { ErrorReporter } from '../app/ports/error-reporter';
import type { Config } from '../config';
import type { SharedSettings } from '../domain/shared-settings';
import type { Stats } from '../protocol';

export interface WireClusterDeps {
  readonly config: Pick<Config, 'cluster' | 'signaling'>;
  readonly bus: Bus;
  readonly liveness: NodeLiveness;
  readonly clock: Clock;
  readonly media: LocalMediaNode;
  readonly settings: SharedSettings;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly reportError: ErrorReporter;
}

/** This node among the others: its messages, its heartbeats, and which nodes it hears. */
export function wireCluster({
  config,
  bus,
  liveness,
  clock,
  media,
  settings,
  peers,
  calls,
  reportError,
}: WireClusterDeps) {
  const { region, role } = config.cluster;
  const messenger = new NodeMessenger({ bus, clock, reportError });
  const drainFlag: DrainFlag = { isDraining: false };
  const own = (): Omit<Heartbeat, 'incarnation'> => {
    const { total, online, connected, searchingBy } = liveStats.here();
    const { lines, workersAlive } = media.stats();
    return {
      region,
      role,
      draining: drainFlag.isDraining,
      lines,
      workers: workersAlive,
      total,
      online,
      connected,
      calls: calls.size,
      searching: { ...searchingBy },
      settings: { ...settings },
    };
  };
  const membership: Membership = new Membership({ messenger, liveness, clock, own });
  const { guestRoom } = config.signaling;
  const liveStats: LiveStats = new LiveStats(peers, clock, () => countsOfOthers(membership), guestRoom);
  return { messenger, membership, liveStats, drainFlag };
}

/** The peers of the other nodes, from their last heartbeats. */
function countsOfOthers(membership: Membership): Stats[] {
  return membership.others().map(({ total, online, connected, searching }) => {
    const searchingBy = {
      video: searching.video ?? 0,
      audio: searching.audio ?? 0,
      text: searching.text ?? 0,
    };
    const all = searchingBy.video + searchingBy.audio + searchingBy.text;
    return { total, online, searching: all, searchingBy, connected };
  });
}
