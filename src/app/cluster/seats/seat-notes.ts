import { createHash } from 'node:crypto';
import type { Calls } from '../../calls/calls';
import type { People } from '../../people/people';
import type { Person } from '../../people/person';
import type { Clock } from '../../ports/clock';
import type { LeaseStore } from '../../ports/lease-store';
import { Round } from '../../round';
import type { AwayCalls } from '../calls/away-calls';
import type { Doing, SeatNote } from '../contract';
import type { ClusterMedia } from '../media/cluster-media';
import type { Members } from '../members';
import type { Switchboard } from '../switchboard';

/** How long a person's seat is remembered after its node has last renewed it: well over the grace of 15 s. */
export const SEAT_TTL_MS = 60_000;
const RENEW_MS = 15_000;
/** Seats renewed in one go: enough to fill the calls to the store, few enough to keep nobody waiting. */
const RENEWED_IN_ONE_GO = 250;

export const seatKey = (personId: string): string => `seat:${personId}`;

/** Of the resume token only this is written down. */
export const hashOf = (resumeToken: string): string =>
  createHash('sha256').update(resumeToken).digest('base64url');

export interface SeatNotesDeps {
  readonly leases: LeaseStore;
  readonly people: People;
  readonly calls: Calls;
  readonly awayCalls: AwayCalls;
  readonly media: ClusterMedia;
  readonly switchboard: Switchboard;
  readonly members: Members;
  readonly clock: Clock;
  /** Another node has given this person a seat: whatever is left of them here is void. */
  readonly taken: (person: Person) => void;
  readonly fault: (error: unknown, words: string) => void;
}

/** Writes down who is seated here and what they are doing, each time it changes, for whoever has to seat them next. */
export class SeatNotes {
  private readonly due = new Set<Person>();
  private writing: NodeJS.Immediate | undefined;
  private readonly renewing = new Round(RENEWED_IN_ONE_GO);
  private readonly stop: () => void;

  constructor(private readonly deps: SeatNotesDeps) {
    const { people, media, members, clock, leases, switchboard } = deps;
    people.on({
      seated: (person) => {
        person.whenChanged(() => this.writeSoon(person));
        this.writeSoon(person);
      },
      away: (person) => this.writeSoon(person),
      back: (person) => this.writeSoon(person),
      gone: (person) => {
        this.due.delete(person);
        leases.release(seatKey(person.id), switchboard.self).catch(this.report);
      },
    });
    media.onLine((personId) => {
      const person = people.get(personId);
      if (person !== undefined) this.writeSoon(person);
    });
    const writeAll = (): void => [...people.all()].forEach((person) => this.writeSoon(person));
    // What was written before may have been lost with whatever kept it.
    switchboard.onRestored(writeAll);
    members.on({ missed: writeAll });
    this.stop = clock.every(RENEW_MS, () =>
      this.renewing.over(people.all(), (person) => this.writeSoon(person)),
    );
  }

  noteOf(person: Person): SeatNote {
    const { identity, addressHash, media, skips, endedLastCall, recent, isHere } = person;
    return {
      node: this.deps.switchboard.self,
      tokenHash: hashOf(person.resumeToken),
      identity: { ...identity, blocked: [...person.blocked] },
      isHere,
      doing: this.doing(person),
      skips: skips ?? null,
      endedLastCall,
      encounters: [...recent],
      addressHash,
      media: { ...media },
      line: this.deps.media.lineOf(person.id),
    };
  }

  /** What has changed at the very end is still written: calls that were ended with this node are over at the next. */
  close(): void {
    this.stop();
    this.renewing.close();
    clearImmediate(this.writing);
    this.write();
  }

  private doing({ id, session }: Person): Doing {
    switch (session.state) {
      case 'idle':
        return { state: 'idle' };
      case 'pausing':
        return { state: 'pausing', wishes: session.wishes, until: session.until };
      case 'seeking': {
        const { wishes, ticket } = session;
        return { state: 'seeking', wishes, since: ticket.since, ticketId: ticket.id };
      }
      case 'in_call': {
        const { wishes, since, callId, elsewhere } = session;
        const partner = this.partnerOf(id, callId);
        if (partner === undefined) return { state: 'idle' };
        return {
          state: 'in_call',
          wishes,
          since,
          callId,
          home: elsewhere ?? this.deps.switchboard.self,
          partner,
        };
      }
    }
  }

  private partnerOf(personId: string, callId: string): { id: string; name: string } | undefined {
    const { calls, awayCalls, people } = this.deps;
    const call = calls.get(callId);
    if (call !== undefined) {
      const { id, name } = call.other(personId).person;
      return { id, name };
    }
    const person = people.get(personId);
    return person === undefined ? undefined : awayCalls.of(person)?.partner;
  }

  private writeSoon(person: Person): void {
    this.due.add(person);
    this.writing ??= setImmediate(() => {
      this.writing = undefined;
      this.write();
    });
  }

  private write(): void {
    const { leases, people, switchboard, taken } = this.deps;
    const here = [...this.due].filter((person) => people.get(person.id) === person);
    this.due.clear();
    if (here.length === 0) return;
    const renewals = here.map((person) => ({
      key: seatKey(person.id),
      note: JSON.stringify(this.noteOf(person)),
    }));
    leases
      .renew(switchboard.self, renewals, SEAT_TTL_MS)
      .then((lost) => {
        const keys = new Set(lost);
        for (const person of here) if (keys.has(seatKey(person.id))) taken(person);
      })
      .catch(this.report);
  }

  private readonly report = (error: unknown): void => {
    this.deps.fault(error, 'seats could not be written down for other nodes');
  };
}
