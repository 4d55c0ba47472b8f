import { Refusal } from '../../../domain/refusal';
import type { Calls } from '../../calls/calls';
import { personIdOf, type People } from '../../people/people';
import type { Person } from '../../people/person';
import type { NodeAddress } from '../../ports/bus';
import type { Clock } from '../../ports/clock';
import type { Lease, LeaseStore } from '../../ports/lease-store';
import type { Lobby } from '../../search/lobby';
import type { AwayCalls } from '../calls/away-calls';
import { delegateState } from '../calls/delegate';
import type { HomeCalls } from '../calls/home-calls';
import { seatNoteSchema, type AskData, type SeatNote } from '../contract';
import type { ClusterMedia } from '../media/cluster-media';
import type { Members } from '../members';
import type { Switchboard } from '../switchboard';
import { hashOf, seatKey, SEAT_TTL_MS, type SeatNotes } from './seat-notes';

/** How long a node that does not answer is waited for until it is known to be dead, and how often it is asked. */
const PATIENCE_MS = 3_000;
const ASK_AGAIN_MS = 100;
const YIELD_MS = 1_500;
/** How long somebody who was given up is given again to the node that has them, should the answer have been lost. */
const GIVEN_MS = 10_000;
/** Moves of one person that are followed, where they are moved faster than they can be found. */
const MOST_MOVES = 4;

export interface SeatsDeps {
  readonly leases: LeaseStore;
  readonly notes: SeatNotes;
  readonly members: Members;
  readonly switchboard: Switchboard;
  readonly people: People;
  readonly calls: Calls;
  readonly lobby: Lobby;
  readonly awayCalls: AwayCalls;
  readonly homeCalls: HomeCalls;
  readonly media: ClusterMedia;
  readonly clock: Clock;
  readonly fault: (error: unknown, words: string) => void;
}

/**
 * Which node a person is seated at. A person has one seat: their lease says where. Whoever comes to another node is
 * given up by the old one with all they were doing; where that is dead, the note it left is taken instead.
 */
export class Seats {
  /** By person: whom this node has given up a moment ago, and to which node. */
  private readonly given = new Map<string, { readonly note: SeatNote; readonly to: NodeAddress }>();

  constructor(private readonly deps: SeatsDeps) {
    deps.switchboard.onAsk('seat_yield', async (asked, from) => ({ note: await this.yield(asked, from) }));
  }

  /** The person whose token this is, if they were seated elsewhere: from now on their seat is here. Null: nobody. */
  async recall(resumeToken: string): Promise<SeatNote | null> {
    const tokenHash = hashOf(resumeToken);
    return this.quietly(() => this.fetch(personIdOf(resumeToken), tokenHash));
  }

  /** Whether somebody is seated at another node, and has a socket there. */
  async elsewhere(personId: string): Promise<{ isHere: boolean } | null> {
    return this.quietly(async () => {
      const lease = await this.deps.leases.find(seatKey(personId));
      if (lease === null || lease.holder === this.deps.switchboard.self) return null;
      const note = noteIn(lease);
      return note === null ? null : { isHere: note.isHere && !this.deps.members.isDead(lease.holder) };
    });
  }

  /** Takes somebody from the node where they are seated; whoever asks knows that they may. */
  async take(personId: string): Promise<SeatNote | null> {
    return this.quietly(() => this.fetch(personId, null));
  }

  /** Their seat is at another node now: nothing is ended, and nothing is left here. */
  async vacate(person: Person, seat: NodeAddress): Promise<void> {
    const { people, lobby, awayCalls, homeCalls, calls, media } = this.deps;
    const { session } = person;
    const line = media.lineOf(person.id);
    media.leave(person.id);
    people.release(person);
    if (session.state === 'pausing') session.stop();
    if (session.state === 'seeking') await lobby.away(person);
    if (session.state !== 'in_call') return;
    awayCalls.forget(person);
    const call = calls.get(session.callId);
    if (call !== undefined) homeCalls.sendAway(call, delegateState(person, session, line), seat);
  }

  /** Follows them where they move on meanwhile. */
  private async fetch(personId: string, tokenHash: string | null): Promise<SeatNote | null> {
    for (let moves = 0; moves < MOST_MOVES; moves += 1) {
      const found = await this.fetchOnce(personId, tokenHash);
      if (found !== 'moving') return found;
      await new Promise<void>((resolve) => this.deps.clock.after(ASK_AGAIN_MS, resolve));
    }
    return null;
  }

  private async fetchOnce(personId: string, tokenHash: string | null): Promise<SeatNote | 'moving' | null> {
    const { leases, switchboard, members } = this.deps;
    const { self } = switchboard;
    const key = seatKey(personId);
    const lease = await leases.find(key);
    if (lease === null) return null;
    const left = noteIn(lease);
    if (left === null || (tokenHash !== null && left.tokenHash !== tokenHash)) return null;
    // This node's own note of somebody it does not know any more: on their way to where it has given them, or gone.
    if (lease.holder === self) return this.given.has(personId) ? 'moving' : null;
    const note = members.isDead(lease.holder)
      ? left
      : await this.askFor(personId, tokenHash, lease.holder, left);
    if (note === null || note === 'moving') return note;
    const taken = await leases.take(key, self, { ttlMs: SEAT_TTL_MS, from: lease.holder });
    return taken.holder === self ? note : 'moving';
  }

  /**
   * Asks the other node until it answers or is known to be dead; null when it does not give the person. `moving`: it does
   * not have them, though their lease says so.
   */
  private async askFor(
    personId: string,
    tokenHash: string | null,
    holder: NodeAddress,
    left: SeatNote,
  ): Promise<SeatNote | 'moving' | null> {
    const { switchboard, members, clock } = this.deps;
    const until = clock.now() + PATIENCE_MS;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await switchboard.ask(holder, 'seat_yield', { personId, tokenHash }, YIELD_MS)).note;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        // Given up in answer to an earlier question, which came too late: the node had stood still.
        if (error.code === 'not_found' && attempt > 1) return left;
        if (error.code === 'not_found') return 'moving';
        if (error.code !== 'node_unreachable') return null;
      }
      if (members.isDead(holder) || !members.isKnown(holder)) return left;
      if (clock.now() >= until) return null;
      await new Promise<void>((resolve) => clock.after(ASK_AGAIN_MS, resolve));
    }
  }

  /** Gives somebody up who is at another node now. */
  private async yield({ personId, tokenHash }: AskData<'seat_yield'>, to: NodeAddress): Promise<SeatNote> {
    const { people, notes, clock } = this.deps;
    const person = people.get(personId);
    if (person === undefined) {
      const given = this.given.get(personId);
      const isTheirs = given?.to === to && (tokenHash === null || given.note.tokenHash === tokenHash);
      if (isTheirs) return given.note;
      throw new Refusal('not_found', 'they are not seated here');
    }
    if (tokenHash !== null && hashOf(person.resumeToken) !== tokenHash) {
      throw new Refusal('unauthorized', 'that token is not theirs any more');
    }
    const given = { note: notes.noteOf(person), to };
    this.given.set(personId, given);
    clock.after(GIVEN_MS, () => {
      if (this.given.get(personId) === given) this.given.delete(personId);
    });
    await this.vacate(person, to);
    return given.note;
  }

  /** Without the store nobody can be found elsewhere: they are greeted as if they had come for the first time. */
  private async quietly<T>(task: () => Promise<T | null>): Promise<T | null> {
    try {
      return await task();
    } catch (error) {
      this.deps.fault(error, 'a seat could not be looked for on other nodes');
      return null;
    }
  }
}

function noteIn(lease: Lease): SeatNote | null {
  return lease.note === '' ? null : seatNoteSchema.parse(JSON.parse(lease.note));
}
