import type { CallMediaDirector } from '../app/calls/call-media';
import { AwayCalls } from '../app/cluster/calls/away-calls';
import { CallNotes } from '../app/cluster/calls/call-notes';
import { Handover } from '../app/cluster/calls/handover';
import { HomeCalls } from '../app/cluster/calls/home-calls';
import { Meetings } from '../app/cluster/calls/meetings';
import { Succession } from '../app/cluster/calls/succession';
import { Drain } from '../app/cluster/drain';
import { Arrivals } from '../app/cluster/seats/arrivals';
import { SeatNotes } from '../app/cluster/seats/seat-notes';
import { Seats } from '../app/cluster/seats/seats';
import { seatFinder } from '../app/cluster/seats/seat-finder';
import type { FindsSeats } from '../app/people/greeting';
import type { Person } from '../app/people/person';
import type { Meter } from '../app/plans/meter';
import type { Recovery } from '../app/recovery';
import type { Lobby } from '../app/search/lobby';
import type { Wishes } from '../protocol';
import type { MeetingDeps } from './meeting-deps';

export interface FarDeps extends MeetingDeps {
  readonly callMedia: CallMediaDirector;
  readonly lobby: Lobby;
  readonly recovery: Recovery;
  readonly meter: Meter;
}

/** Nobody is seated anywhere else. */
const NO_SEATS: FindsSeats = {
  recall: () => Promise.resolve(null),
  elsewhere: () => Promise.resolve(null),
  fetch: () => Promise.resolve(null),
};

/** People and calls over several nodes: who is seated where, which call is at home where, and who succeeds whom. */
export function buildFar(deps: FarDeps) {
  const { switchboard, clock, calls, lobby, recovery, isAlone, leases, fault } = deps;
  const putBack = (person: Person, wishes: Wishes, since: number): void =>
    void lobby
      .putBack(person, wishes, since)
      .catch((error: unknown) => fault(error, 'a person could not be put back'));
  const awayCalls: AwayCalls = new AwayCalls({
    ...deps,
    putBack,
    homeless: (call) => void succession.succeed(call),
  });
  const homeCalls = new HomeCalls({
    ...deps,
    allowance: () => deps.plans.freshAllowance(switchboard.self),
    welcomeBack: (call, person) => recovery.welcomeBack(call, person),
  });
  const succession: Succession = new Succession({ ...deps, awayCalls, homeCalls });
  const meetings = new Meetings({ ...deps, awayCalls, homeCalls });
  const arrivals = new Arrivals({ ...deps, awayCalls, homeCalls, succession });
  if (isAlone) {
    const drain = new Drain({ ...deps, handover: { handOver: () => undefined } });
    return { awayCalls, homeCalls, meetings, drain, seats: NO_SEATS, closeFar: () => awayCalls.close() };
  }
  const callNotes = new CallNotes({ ...deps, leases, calls, switchboard, clock, fault });
  const notes: SeatNotes = new SeatNotes({
    ...deps,
    awayCalls,
    taken: (person) =>
      void seats.vacate(person, '').catch((error: unknown) => fault(error, 'somebody could not be given up')),
  });
  const handover = new Handover({ ...deps, notes: callNotes, awayCalls, succession });
  const drain = new Drain({ ...deps, handover });
  const seats: Seats = new Seats({ ...deps, notes, awayCalls, homeCalls });
  return {
    awayCalls,
    homeCalls,
    meetings,
    drain,
    seats: seatFinder(seats, arrivals),
    closeFar: () => {
      drain.close();
      callNotes.close();
      notes.close();
      awayCalls.close();
    },
  };
}
