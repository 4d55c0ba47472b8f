import type { Calls } from '../app/calls/calls';
import type { MediaNegotiation } from '../app/calls/media-negotiation';
import type { OwnedCalls } from '../app/calls/owned-calls';
import type { RemoteCalls } from '../app/calls/remote-calls';
import type { Requeue } from '../app/calls/requeue';
import type { CallRouter } from '../app/calls/router';
import type { Membership } from '../app/cluster/membership';
import type { NodeMessenger } from '../app/cluster/node-messenger';
import type { LineDirectory } from '../app/lines/line-directory';
import { Directors, LeasedDirectors } from '../app/matchmaking/director';
import { Lobby } from '../app/matchmaking/lobby';
import type { NewSearches, SearchPace } from '../app/matchmaking/search-pauses';
import { MatchCommit } from '../app/matchmaking/match-commit';
import { Regions } from '../app/matchmaking/regions';
import { WaitEstimator } from '../app/matchmaking/wait-estimator';
import type { LiveStats } from '../app/peers/live-stats';
import type { PeerRegistry } from '../app/peers/peer-registry';
import type { ErrorReporter } from '../app/ports/error-reporter';
import type { Config } from '../config';
import { ADULT_AGE } from '../domain/users';
import type { Adapters } from './adapters';

const SWEEP_MS = 2_500;
const REGIONS_MS = 1_000;
const TICKETS = { staleMs: 45_000, maxAgeMs: 3_600_000 };

export interface WireMatchmakingDeps {
  readonly config: Pick<Config, 'cluster' | 'matchmaking' | 'accounts'>;
  readonly adapters: Adapters;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly liveStats: LiveStats;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly lines: LineDirectory;
  readonly negotiation: MediaNegotiation;
  readonly requeue: Requeue;
  readonly router: CallRouter;
  readonly remoteCalls: RemoteCalls;
  readonly ownedCalls: OwnedCalls;
  readonly newSearches: NewSearches;
  readonly pace: SearchPace;
  readonly reportError: ErrorReporter;
}

/** Matchmaking, from the wishes of peers to the match. */
export function wireMatchmaking(deps: WireMatchmakingDeps) {
  const { config, adapters, messenger, membership, liveStats, peers, calls, lines, reportError } = deps;
  const { clock, tickets } = adapters;
  const { steps, skips } = config.matchmaking;
  const regions = new Regions(membership, config.cluster.region);
  const directors: Directors = new Directors({
    store: tickets,
    clock,
    steps,
    // The director calls back later, from the event loop, when the match commit is there.
    matched: (matched) => matchCommit.matched(matched),
    stepReached: (ticket, step) => matchCommit.stepReached(ticket, step),
    onError: (error) => reportError(error, 'an error occurred in matchmaking, which goes on'),
  });
  const leased = adapters.isAlone ? undefined : leaseDirectors(deps, directors);
  const { negotiation, requeue, router, remoteCalls, ownedCalls } = deps;
  const lobby: Lobby = new Lobby({
    ...{ messenger, regions, requeue, peers, calls, clock, negotiation, router, reportError },
    store: tickets,
    policy: { admitMinors: config.accounts.minimumAge < ADULT_AGE, skips, ...TICKETS },
    waitEstimator: new WaitEstimator(steps, liveStats, peers),
    directors: leased ?? directors,
    newSearches: deps.newSearches,
    pace: deps.pace,
  });
  const matchCommit = new MatchCommit({
    ...{ messenger, membership, lobby, lines, remoteCalls, ownedCalls, clock, reportError },
  });
  const stops = [
    clock.every(REGIONS_MS, () => regions.update()),
    clock.every(SWEEP_MS, () => {
      lobby.sweep().catch((error: unknown) => reportError(error, 'a sweep of the lobby failed'));
    }),
  ];
  return {
    lobby,
    regions,
    directors,
    stopSweeping: (): void => stops.forEach((stop) => stop()),
    closeDirectors: async (): Promise<void> => {
      await leased?.close();
      await directors.close();
    },
  };
}

/** Of many nodes, one has the director of a shard. */
function leaseDirectors(
  { adapters, messenger, membership, reportError }: WireMatchmakingDeps,
  directors: Directors,
): LeasedDirectors {
  const { leases, clock, tickets } = adapters;
  return new LeasedDirectors({
    ...{ directors, leases, clock, membership, messenger, reportError },
    store: tickets,
  });
}
