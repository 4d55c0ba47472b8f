import type { Call } from './calls/call';
import type { CallMediaDirector } from './calls/call-media';
import type { Calls } from './calls/calls';
import type { Chat } from './chat';
import { UNNOTICED_MS, type Departure, type People } from './people/people';
import type { Person } from './people/person';
import type { Clock } from './ports/clock';
import type { MediaPlane } from './ports/media-plane';
import type { Lobby } from './search/lobby';

export interface RecoveryDeps {
  readonly people: People;
  readonly calls: Calls;
  readonly callMedia: CallMediaDirector;
  readonly chat: Chat;
  readonly lobby: Lobby;
  readonly media: MediaPlane;
  readonly clock: Clock;
  /** A member who is seated on another node is to search on from there. */
  readonly putBackElsewhere: (call: Call, person: Person) => void;
  readonly fault: (error: unknown, words: string) => void;
}

/**
 * What happens when something goes away: a socket, a person, a line, the media of a call. Each of these takes
 * one path here, whatever state the person was in, so that nothing of theirs stays behind.
 */
export class Recovery {
  constructor(private readonly deps: RecoveryDeps) {}

  listen(): void {
    const { people, calls, callMedia, media } = this.deps;
    people.on({
      away: (person, graceMs, departure) => this.away(person, graceMs, departure),
      back: (person) => this.back(person),
      gone: (person) => this.gone(person),
    });
    media.on({
      lineReady: (personId) => this.withPerson(personId, (person) => callMedia.lineReady(person)),
      callBroken: (callId) => {
        const call = calls.get(callId);
        if (call !== undefined) callMedia.broken(call);
      },
      lineLost: (personId, lineId) =>
        this.withPerson(personId, (person) => {
          callMedia.lineLost(person);
          person.tell({ event: 'line_lost', data: { lineId } });
        }),
    });
    calls.on({
      allAccepted: (call) => callMedia.allAccepted(call),
      ended: (call, _, by) => {
        callMedia.ended(call);
        if (!call.announced && by !== undefined) this.searchOn(call, [by]);
      },
    });
  }

  /**
   * The media of a call could not be had. Those whose side it was are told so and become idle; the others go
   * back into the queue with the waiting time they had.
   */
  mediaFailed(call: Call, at: readonly Person[]): void {
    this.deps.calls.end(call, 'media_failed');
    for (const person of at) {
      person.tell({
        event: 'error',
        data: { code: 'media_unavailable', message: 'your line did not come about' },
      });
    }
    this.searchOn(call, at);
  }

  /**
   * Nothing came of a call that has just ended: all but these search on, with the waiting time they had. Where they were
   * not told of it yet, to them they have searched all the time.
   */
  private searchOn(call: Call, but: readonly Person[]): void {
    for (const { person, wishes, since } of call.members) {
      if (but.includes(person)) continue;
      if (person.seatedAt !== null) this.deps.putBackElsewhere(call, person);
      else
        this.deps.lobby.putBack(person, wishes, since).catch(this.report('a person could not be put back'));
    }
  }

  private away(person: Person, graceMs: number, departure: Departure): void {
    const { lobby, clock, people } = this.deps;
    lobby.away(person).catch(this.report('a ticket could not be taken out'));
    const call = this.callOf(person);
    if (call === undefined) return;
    const tell = (): void =>
      call
        .other(person.id)
        .person.tell({ event: 'partner_reconnecting', data: { callId: call.id, graceMs } });
    if (departure !== 'moving') return tell();
    clock.after(UNNOTICED_MS, () => {
      if (people.get(person.id) === person && !person.isHere && this.callOf(person) === call) tell();
    });
  }

  private back(person: Person): void {
    this.deps.lobby.back(person).catch(this.report('a search could not go on'));
    const call = this.callOf(person);
    if (call !== undefined) this.welcomeBack(call, person);
  }

  /** Somebody is in this call with a new socket: they are told everything about it. */
  welcomeBack(call: Call, person: Person): void {
    const { calls, callMedia, chat } = this.deps;
    calls.announceTo(call, person, null, true);
    calls.tellState(call, person);
    callMedia.back(call);
    chat.catchUp(call, person);
  }

  private gone(person: Person): void {
    const { lobby, calls, media } = this.deps;
    const call = this.callOf(person);
    if (call !== undefined) calls.end(call, 'lost', person);
    lobby.gone(person).catch(this.report('a ticket could not be taken out'));
    media.closeLine(person.id);
  }

  private callOf(person: Person): Call | undefined {
    return person.session.state === 'in_call' ? this.deps.calls.get(person.session.callId) : undefined;
  }

  private withPerson(personId: string, then: (person: Person) => void): void {
    const { people, calls } = this.deps;
    const person = people.get(personId) ?? calls.delegateNamed(personId);
    if (person !== undefined) then(person);
  }

  private report(words: string): (error: unknown) => void {
    return (error) => this.deps.fault(error, words);
  }
}
