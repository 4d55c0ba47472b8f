import type { DrainSign } from '../app/cluster/drain';
import { ClusterMedia } from '../app/cluster/media/cluster-media';
import { Members, type Heartbeat } from '../app/cluster/members';
import { Regions } from '../app/cluster/regions';
import { Switchboard } from '../app/cluster/switchboard';
import type { Calls } from '../app/calls/calls';
import type { People } from '../app/people/people';
import { Population, type Census } from '../app/population';
import type { Config } from '../config';
import type { Adapters } from './adapters';
import type { Fault } from './fault';

const REGIONS_MS = 1_000;

export interface NodesDeps extends Adapters {
  readonly people: People;
  readonly calls: Calls;
  readonly fault: Fault;
}

export type Nodes = ReturnType<typeof wireNodes>;

/** This node among the others: what it tells of itself, whom it hears, and the media of all of them together. */
export function wireNodes(config: Config, deps: NodesDeps) {
  const { bus, clock, forwarding, people, calls, fault } = deps;
  const { region, role } = config;
  const switchboard = new Switchboard({ bus, clock, fault });
  const sign: DrainSign = { isUp: false };
  const own = (): Omit<Heartbeat, 'life'> => {
    const { stats, searchingBy } = population.here();
    const { lines, workersAlive } = forwarding.census();
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
  const members: Members = new Members({ switchboard, clock, own });
  const population: Population = new Population(people, clock, () => censusesOf(members));
  const media = new ClusterMedia({ media: forwarding, switchboard, members, clock, region });
  const regions = new Regions(members, region);
  return {
    sign,
    switchboard,
    members,
    population,
    media,
    regions,
    stopLooking: clock.every(REGIONS_MS, () => regions.look()),
  };
}

/** The people of the other nodes, as these have last told. */
function censusesOf(members: Members): Census[] {
  return members.others().map(({ total, online, connected, searching }) => {
    const searchingBy = {
      video: searching.video ?? 0,
      audio: searching.audio ?? 0,
      text: searching.text ?? 0,
    };
    const all = searchingBy.video + searchingBy.audio + searchingBy.text;
    return { stats: { total, online, searching: all, connected }, searchingBy };
  });
}
