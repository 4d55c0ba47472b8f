import { MediaNegotiation } from '../app/calls/media-negotiation';
import { CallRecorder } from '../app/calls/call-recorder';
import { Chat } from '../app/calls/chat';
import { Directors, LeasedDirectors } from '../app/matchmaking/director';
import { OrphanCleanUp } from '../app/reconciliation/orphans';
import { Lines } from '../app/lines/line-requests';
import { GuestPresence } from '../app/peers/guest-presence';
import { Meter } from '../app/calls/talk-meter';
import { Recovery, type RecoveryDeps } from '../app/recovery/recovery';
import { Safety } from '../app/moderation/safety';
import { Lobby } from '../app/matchmaking/lobby';
import { WaitEstimator } from '../app/matchmaking/wait-estimator';
import type { Config } from '../config';
import type { Ticket } from '../domain/pairing';
import { ADULT_AGE } from '../domain/users';
import { wireCluster } from './wire-cluster';
import type { CallDeps } from './call-deps';

const SWEEP_MS = 2_500;
const TICKETS = { staleMs: 45_000, maxAgeMs: 3_600_000 };
const CALL_MEDIA = { lineMs: 12_000, answerMs: 6_000, troubleMs: 25_000 };

export type WiredCalls = ReturnType<typeof wireCalls>;

/** From the wish to the call and back: search, matching, media, chat, and what happens when something goes. */
export function wireCalls(config: Config, deps: CallDeps) {
  const { clock, peers, calls, media, guests, reports, blocks, subscriptions, journal, reportError } = deps;
  const negotiation: MediaNegotiation = new MediaNegotiation(calls, media, clock, CALL_MEDIA, {
    failed: (call, at) => recovery.mediaFailed(call, at),
    reportError,
  });
  const search = buildSearch(config, deps, negotiation, {
    matched: (tickets) => far.matchCommit.matched(tickets),
    stepReached: (ticket, step) => far.matchCommit.stepReached(ticket, step),
    expiredElsewhere: (ticket) => far.matchCommit.expiredElsewhere(ticket),
  });
  const { lobby } = search;
  const chat = new Chat(calls, clock);
  const meter = new Meter(calls, subscriptions, deps.usageMemory, clock);
  const recovery: Recovery = buildRecovery(deps, { negotiation, lobby, chat });
  recovery.listen();
  const far = wireCluster({ ...deps, negotiation, lobby, recovery, meter });
  const sweep = (): void =>
    void lobby.sweep().catch((error: unknown) => reportError(error, 'a sweep failed'));
  return {
    ...search,
    ...far,
    negotiation,
    chat,
    meter,
    orphanCleanUp: new OrphanCleanUp(peers, calls, media, lobby),
    lines: new Lines(peers, media, calls, negotiation, clock),
    safety: new Safety(calls, reports, blocks, clock),
    recorder: new CallRecorder({ calls, chat, journal, clock, count: deps.countCall, reportError }),
    presence: new GuestPresence({
      peers,
      calls,
      guests,
      clock,
      reportError,
      partnerElsewhere: (peer) => {
        const call = far.remoteCalls.of(peer);
        return call === undefined ? undefined : { id: call.partner.id, connectedAt: call.connectedAt };
      },
    }),
    stopSweeping: clock.every(SWEEP_MS, sweep),
  };
}

function buildRecovery(
  { peers, calls, media, messenger, clock, reportError }: CallDeps,
  parts: Pick<RecoveryDeps, 'negotiation' | 'lobby' | 'chat'>,
): Recovery {
  return new Recovery({
    ...parts,
    peers,
    calls,
    media,
    clock,
    putBackElsewhere: ({ id }, { id: peerId, gatewayNode }) => {
      if (gatewayNode !== null) messenger.notify(gatewayNode, 'participant_requeued', { callId: id, peerId });
    },
    reportError,
  });
}

interface Director {
  readonly matched: (tickets: readonly Ticket[]) => void;
  readonly stepReached: (ticket: Ticket, step: number) => void;
  readonly expiredElsewhere: (ticket: Ticket) => void;
}

function buildSearch(config: Config, deps: CallDeps, negotiation: MediaNegotiation, director: Director) {
  const { clock, peers, calls, store, liveStats, messenger, regions, reportError } = deps;
  const steps = config.matchmaking.steps;
  const directors: Directors = new Directors({
    store,
    clock,
    steps,
    matched: director.matched,
    stepReached: director.stepReached,
    onError: (error) => reportError(error, 'matching met an error and goes on'),
  });
  const leased = deps.isAlone ? undefined : leaseDirectors(deps, directors);
  const admitMinors = config.accounts.minimumAge < ADULT_AGE;
  const lobby: Lobby = new Lobby({
    node: messenger.self,
    regionFor: (mode) => regions.regionFor(mode),
    expiredElsewhere: director.expiredElsewhere,
    peers,
    calls,
    store,
    clock,
    policy: { admitMinors, skips: config.matchmaking.skips, ...TICKETS },
    waitEstimator: new WaitEstimator(steps, liveStats),
    ensureDirector: (shard) => (leased ?? directors).ensure(shard),
    begin: (call) =>
      void negotiation.begin(call).catch((error: unknown) => reportError(error, 'a call could not begin')),
    reportError,
  });
  return {
    lobby,
    directors,
    closeDirectors: async () => {
      await leased?.close();
      await directors.close();
    },
  };
}

/** Many nodes have one director a shard among them. */
function leaseDirectors(deps: CallDeps, directors: Directors): LeasedDirectors {
  const { store, leases, clock, messenger, membership, reportError } = deps;
  const leased: LeasedDirectors = new LeasedDirectors({
    directors,
    leases,
    store,
    clock,
    self: messenger.self,
    able: () =>
      membership
        .all()
        .filter(({ role, draining }) => role !== 'media' && !draining)
        .map(({ address }) => address),
    isDead: (node) => membership.isDead(node),
    want: (node, shard) => messenger.notify(node, 'shard_wanted', { shard }),
    reportError,
  });
  messenger.onNotification('shard_wanted', ({ shard }) => leased.ensure(shard));
  return leased;
}
