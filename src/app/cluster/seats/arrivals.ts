import { makeTicket } from '../../search/ticket-maker';
import type { People } from '../../people/people';
import type { Person } from '../../people/person';
import type { Clock } from '../../ports/clock';
import type { Lobby } from '../../search/lobby';
import type { AwayCalls } from '../calls/away-calls';
import type { HomeCalls } from '../calls/home-calls';
import type { Succession } from '../calls/succession';
import type { SeatNote } from '../contract';
import type { ClusterMedia } from '../media/cluster-media';
import type { Members } from '../members';
import type { Switchboard } from '../switchboard';

export interface ArrivalsDeps {
  readonly people: People;
  readonly media: ClusterMedia;
  readonly members: Members;
  readonly switchboard: Switchboard;
  readonly awayCalls: AwayCalls;
  readonly homeCalls: HomeCalls;
  readonly succession: Succession;
  readonly lobby: Lobby;
  readonly clock: Clock;
  readonly fault: (error: unknown, words: string) => void;
}

/** However wrong another node's clock is, nobody waits longer for it. */
const MOST_PAUSE_MS = 60_000;

/** People who come from a seat on another node: they go on with what they were doing there. */
export class Arrivals {
  /** Whose lines are only assumed to be there; that is found out when they have been greeted. */
  private readonly assumed = new Set<string>();

  constructor(private readonly deps: ArrivalsDeps) {
    deps.people.on({
      back: (person) => {
        this.back(person).catch((error: unknown) => deps.fault(error, 'somebody could not go on here'));
      },
      gone: (person) => {
        this.assumed.delete(person.id);
        deps.awayCalls.gone(person);
      },
      away: (person, graceMs, departure) => deps.awayCalls.away(person, graceMs, departure === 'moving'),
    });
  }

  /** Puts somebody who has just been seated here into the state that the note tells of. */
  restore(person: Person, note: SeatNote): void {
    person.remember(note.encounters);
    person.skips = note.skips ?? undefined;
    person.endedLastCall = note.endedLastCall;
    person.addressHash = note.addressHash;
    person.media = { ...note.media };
    if (note.line !== null) {
      this.deps.media.assume(person.id, note.line);
      this.assumed.add(person.id);
    }
    this.resumeDoing(person, note.doing);
  }

  private resumeDoing(person: Person, doing: SeatNote['doing']): void {
    const { awayCalls, homeCalls, switchboard, lobby, clock } = this.deps;
    if (doing.state === 'idle') return;
    if (doing.state === 'pausing') {
      const left = Math.max(0, doing.until - clock.now());
      lobby.pause(person, doing.wishes, Math.min(MOST_PAUSE_MS, left));
      return;
    }
    if (doing.state === 'seeking') {
      this.searchOn(person, doing);
      return;
    }
    const { wishes, callId, since, home, partner } = doing;
    if (home !== switchboard.self) {
      awayCalls.enter({ callId, person, partner, wishes, since, home });
      person.session = { state: 'in_call', wishes, callId, since, elsewhere: home };
      return;
    }
    person.session = { state: 'in_call', wishes, callId, since };
    if (!homeCalls.comeHome(person, callId)) this.searchOn(person, doing);
  }

  /** They are put into the queue when they have been greeted. */
  private searchOn(
    person: Person,
    { wishes, since }: Pick<Extract<SeatNote['doing'], { since: number }>, 'wishes' | 'since'>,
  ): void {
    const { switchboard, clock } = this.deps;
    const now = clock.now();
    const ticket = makeTicket(person, wishes, {
      node: switchboard.self,
      region: '',
      since: Math.min(since, now),
      now,
    });
    person.session = { state: 'seeking', wishes, ticket, step: 0, queued: false };
  }

  private async back(person: Person): Promise<void> {
    const { media, members, awayCalls, succession } = this.deps;
    if (this.assumed.delete(person.id)) await media.claim(person.id);
    const call = awayCalls.of(person);
    if (call === undefined) return;
    if (members.isDead(call.home)) await succession.succeed(call);
    else await awayCalls.back(call);
  }
}
