import { CallMediaDirector } from '../app/calls/call-media';
import { CallRecorder } from '../app/calls/call-recorder';
import { Chat } from '../app/chat';
import { Directors, LeasedDirectors } from '../app/director';
import { Housekeeping } from '../app/housekeeping';
import { Lines } from '../app/lines';
import { GuestPresence } from '../app/people/guest-presence';
import { Meter } from '../app/plans/meter';
import { Recovery, type RecoveryDeps } from '../app/recovery';
import { Safety } from '../app/safety/safety';
import { Lobby } from '../app/search/lobby';
import { Outlook } from '../app/search/outlook';
import type { Config } from '../config';
import type { Ticket } from '../domain/pairing';
import { ADULT_AGE } from '../domain/people';
import { buildFar } from './far';
import type { MeetingDeps } from './meeting-deps';

const SWEEP_MS = 2_500;
const TICKETS = { staleMs: 45_000, maxAgeMs: 3_600_000 };
const CALL_MEDIA = { lineMs: 12_000, answerMs: 6_000, troubleMs: 25_000 };

export type Meeting = ReturnType<typeof buildMeeting>;

/** From the wish to the call and back: search, matching, media, chat, and what happens when something goes. */
export function buildMeeting(config: Config, deps: MeetingDeps) {
  const { clock, people, calls, media, guests, reports, blocks, subscriptions, journal, fault } = deps;
  const callMedia: CallMediaDirector = new CallMediaDirector(calls, media, clock, CALL_MEDIA, {
    failed: (call, at) => recovery.mediaFailed(call, at),
    fault,
  });
  const search = buildSearch(config, deps, callMedia, {
    matched: (tickets) => far.meetings.matched(tickets),
    stepReached: (ticket, step) => far.meetings.stepReached(ticket, step),
    expiredElsewhere: (ticket) => far.meetings.expiredElsewhere(ticket),
  });
  const { lobby } = search;
  const chat = new Chat(calls, clock);
  const meter = new Meter(calls, subscriptions, deps.usageMemory, clock);
  const recovery: Recovery = buildRecovery(deps, { callMedia, lobby, chat });
  recovery.listen();
  const far = buildFar({ ...deps, callMedia, lobby, recovery, meter });
  const sweep = (): void => void lobby.sweep().catch((error: unknown) => fault(error, 'a sweep failed'));
  return {
    ...search,
    ...far,
    callMedia,
    chat,
    meter,
    housekeeping: new Housekeeping(people, calls, media, lobby),
    lines: new Lines(people, media, calls, callMedia, clock),
    safety: new Safety(calls, reports, blocks, clock),
    recorder: new CallRecorder({ calls, chat, journal, clock, count: deps.countCall, fault }),
    presence: new GuestPresence({
      people,
      calls,
      guests,
      clock,
      fault,
      partnerElsewhere: (person) => {
        const call = far.awayCalls.of(person);
        return call === undefined ? undefined : { id: call.partner.id, connectedAt: call.connectedAt };
      },
    }),
    stopSweeping: clock.every(SWEEP_MS, sweep),
  };
}

function buildRecovery(
  { people, calls, media, switchboard, clock, fault }: MeetingDeps,
  parts: Pick<RecoveryDeps, 'callMedia' | 'lobby' | 'chat'>,
): Recovery {
  return new Recovery({
    ...parts,
    people,
    calls,
    media,
    clock,
    putBackElsewhere: ({ id }, { id: personId, seatedAt }) => {
      if (seatedAt !== null) switchboard.tell(seatedAt, 'member_put_back', { callId: id, personId });
    },
    fault,
  });
}

interface Director {
  readonly matched: (tickets: readonly Ticket[]) => void;
  readonly stepReached: (ticket: Ticket, step: number) => void;
  readonly expiredElsewhere: (ticket: Ticket) => void;
}

function buildSearch(config: Config, deps: MeetingDeps, callMedia: CallMediaDirector, director: Director) {
  const { clock, people, calls, store, population, switchboard, regions, fault } = deps;
  const steps = config.matchSteps;
  const directors: Directors = new Directors({
    store,
    clock,
    steps,
    matched: director.matched,
    stepReached: director.stepReached,
    onError: (error) => fault(error, 'matching met an error and goes on'),
  });
  const leased = deps.isAlone ? undefined : leaseDirectors(deps, directors);
  const admitMinors = config.minimumAge < ADULT_AGE;
  const lobby: Lobby = new Lobby({
    node: switchboard.self,
    regionFor: (mode) => regions.regionFor(mode),
    expiredElsewhere: director.expiredElsewhere,
    people,
    calls,
    store,
    clock,
    policy: { admitMinors, skips: config.skips, ...TICKETS },
    outlook: new Outlook(steps, population),
    ensureDirector: (shard) => (leased ?? directors).ensure(shard),
    begin: (call) =>
      void callMedia.begin(call).catch((error: unknown) => fault(error, 'a call could not begin')),
    fault,
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
function leaseDirectors(deps: MeetingDeps, directors: Directors): LeasedDirectors {
  const { store, leases, clock, switchboard, members, fault } = deps;
  const leased: LeasedDirectors = new LeasedDirectors({
    directors,
    leases,
    store,
    clock,
    self: switchboard.self,
    able: () =>
      members
        .all()
        .filter(({ role, draining }) => role !== 'media' && !draining)
        .map(({ address }) => address),
    isDead: (node) => members.isDead(node),
    want: (node, shard) => switchboard.tell(node, 'shard_wanted', { shard }),
    fault,
  });
  switchboard.onTell('shard_wanted', ({ shard }) => leased.ensure(shard));
  return leased;
}
