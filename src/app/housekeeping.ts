import type { Calls } from './calls/calls';
import type { People } from './people/people';
import type { Person } from './people/person';
import type { MediaPlane } from './ports/media-plane';
import type { Lobby } from './search/lobby';

export interface CleanUp {
  /** Calls ended because one of their people is no longer here. */
  readonly orphanedCalls: number;
  /** Sessions that named a call which is over. */
  readonly strandedPeople: number;
  /** Lines of people who are no longer here. */
  readonly orphanedLines: number;
}

/**
 * Looks for what should not exist and takes it away. In a healthy node every figure is 0: nothing relies on
 * this, it is an operator's broom and an audit's witness.
 */
export class Housekeeping {
  constructor(
    private readonly people: People,
    private readonly calls: Calls,
    private readonly media: MediaPlane,
    private readonly lobby: Lobby,
  ) {}

  async cleanUp(): Promise<CleanUp> {
    await this.lobby.sweep();
    let orphanedCalls = 0;
    for (const call of [...this.calls.all()]) {
      const isHeld = (person: Person): boolean =>
        person.seatedAt !== null || this.people.get(person.id) === person;
      if (call.members.every(({ person }) => isHeld(person))) continue;
      this.calls.end(call, 'lost');
      orphanedCalls += 1;
    }
    let strandedPeople = 0;
    for (const person of this.people.all()) {
      const { session } = person;
      if (session.state !== 'in_call' || session.elsewhere !== undefined) continue;
      if (this.calls.get(session.callId) !== undefined) continue;
      person.session = { state: 'idle' };
      strandedPeople += 1;
    }
    let orphanedLines = 0;
    for (const personId of this.media.lineOwners()) {
      if (this.people.get(personId) === undefined && this.media.closeLine(personId)) orphanedLines += 1;
    }
    return { orphanedCalls, strandedPeople, orphanedLines };
  }
}
