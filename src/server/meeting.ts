import { CallMediaDirector } from '../app/calls/call-media';
import { CallRecorder } from '../app/calls/call-recorder';
import type { Calls } from '../app/calls/calls';
import { Chat } from '../app/chat';
import { Directors } from '../app/director';
import { Housekeeping } from '../app/housekeeping';
import { Lines } from '../app/lines';
import { GuestPresence } from '../app/people/guest-presence';
import type { People } from '../app/people/people';
import type { Person } from '../app/people/person';
import { Meter } from '../app/plans/meter';
import type { UsageMemory } from '../app/plans/usage-memory';
import type { Population } from '../app/population';
import type { CallJournal } from '../app/ports/call-journal';
import type { Clock } from '../app/ports/clock';
import type { GuestStore } from '../app/ports/guest-store';
import type { MediaPlane } from '../app/ports/media-plane';
import type { Reports } from '../app/ports/reports';
import type { Subscriptions } from '../app/ports/subscriptions';
import type { TicketStore } from '../app/ports/ticket-store';
import type { CountedCall } from '../app/ports/users';
import { Recovery } from '../app/recovery';
import { Safety, type KeepsBlocks } from '../app/safety/safety';
import { Lobby } from '../app/search/lobby';
import { Outlook } from '../app/search/outlook';
import type { Config } from '../config';
import { ADULT_AGE } from '../domain/people';

const SWEEP_MS = 5_000;
const TICKETS = { staleMs: 45_000, maxAgeMs: 3_600_000 };
const CALL_MEDIA = { lineMs: 12_000, answerMs: 6_000, troubleMs: 25_000 };

export type Fault = (error: unknown, words: string) => void;

export interface MeetingDeps {
  readonly clock: Clock;
  readonly media: MediaPlane;
  readonly store: TicketStore;
  readonly guests: GuestStore;
  readonly people: People;
  readonly calls: Calls;
  readonly population: Population;
  readonly journal: CallJournal;
  readonly reports: Reports;
  readonly blocks: KeepsBlocks;
  readonly subscriptions: Pick<Subscriptions, 'keepUsage'>;
  readonly usageMemory: UsageMemory;
  readonly countCall: (person: Person, count: CountedCall) => void;
  readonly fault: Fault;
}

export type Meeting = ReturnType<typeof buildMeeting>;

/** From the wish to the call and back: search, matching, media, chat, and what happens when something goes. */
export function buildMeeting(config: Config, deps: MeetingDeps) {
  const { clock, people, calls, media, guests, reports, blocks, subscriptions, journal, fault } = deps;
  const callMedia: CallMediaDirector = new CallMediaDirector(calls, media, clock, CALL_MEDIA, {
    failed: (call, at) => recovery.mediaFailed(call, at),
    fault,
  });
  const { lobby, directors } = buildSearch(config, deps, callMedia);
  const chat = new Chat(calls, clock);
  const recovery = new Recovery({ people, calls, callMedia, chat, lobby, media, fault });
  recovery.listen();
  const sweep = (): void => void lobby.sweep().catch((error: unknown) => fault(error, 'a sweep failed'));
  return {
    callMedia,
    directors,
    lobby,
    chat,
    housekeeping: new Housekeeping(people, calls, media, lobby),
    lines: new Lines(people, media, calls, callMedia, clock),
    safety: new Safety(calls, reports, blocks, clock),
    meter: new Meter(calls, subscriptions, deps.usageMemory, clock),
    recorder: new CallRecorder({ calls, chat, journal, clock, count: deps.countCall, fault }),
    presence: new GuestPresence({ people, calls, guests, clock, fault }),
    stopSweeping: clock.every(SWEEP_MS, sweep),
  };
}

function buildSearch(config: Config, deps: MeetingDeps, callMedia: CallMediaDirector) {
  const { clock, people, calls, store, population, fault } = deps;
  const steps = config.matchSteps;
  const directors: Directors = new Directors({
    store,
    clock,
    steps,
    matched: (tickets) => lobby.matched(tickets),
    stepReached: (ticket, step) => lobby.stepReached(ticket, step),
    onError: (error) => fault(error, 'matching met an error and goes on'),
  });
  const admitMinors = config.minimumAge < ADULT_AGE;
  const lobby: Lobby = new Lobby({
    people,
    calls,
    store,
    clock,
    policy: { region: config.region, admitMinors, skips: config.skips, ...TICKETS },
    outlook: new Outlook(steps, population),
    ensureDirector: (shard) => directors.ensure(shard),
    begin: (call) =>
      void callMedia.begin(call).catch((error: unknown) => fault(error, 'a call could not begin')),
    fault,
  });
  return { lobby, directors };
}
