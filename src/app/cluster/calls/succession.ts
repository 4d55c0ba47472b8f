import { fullPace } from '../../../domain/pace';
import { CHAT_LIMIT, Call, type Member } from '../../calls/call';
import type { Calls } from '../../calls/calls';
import type { CallMediaDirector } from '../../calls/call-media';
import { keyOf } from '../../chat';
import type { Person } from '../../people/person';
import type { NodeAddress } from '../../ports/bus';
import type { Clock } from '../../ports/clock';
import type { Lease, LeaseStore } from '../../ports/lease-store';
import { LIMITS } from '../../../protocol';
import { callNoteSchema, type CallNote } from '../contract';
import type { ClusterMedia } from '../media/cluster-media';
import type { Members } from '../members';
import type { Switchboard } from '../switchboard';
import type { AwayCall, AwayCalls } from './away-calls';
import { callKey, CALL_TTL_MS } from './call-notes';
import { NOWHERE } from './delegate';
import type { HomeCalls } from './home-calls';

export interface SuccessionDeps {
  readonly leases: LeaseStore;
  readonly switchboard: Switchboard;
  readonly members: Members;
  readonly calls: Calls;
  readonly callMedia: CallMediaDirector;
  readonly media: ClusterMedia;
  readonly awayCalls: AwayCalls;
  readonly homeCalls: HomeCalls;
  readonly clock: Clock;
  readonly fault: (error: unknown, words: string) => void;
}

const RETRY_MS = 300;

/**
 * Who is a call's home when its home is gone: the seat of a member that takes the call's lease first. It goes on from
 * the note that was left: the same call, the same record. The other seat finds out from the lease.
 */
export class Succession {
  private readonly underWay = new Set<string>();

  constructor(private readonly deps: SuccessionDeps) {
    deps.calls.on({ surrendered: (call) => this.surrendered(call) });
  }

  /** The home of this call is gone. Tried until it has another one, or is over. */
  async succeed(call: AwayCall): Promise<void> {
    // Both of its people may be seated here, and each has to learn where it is.
    const key = keyOf(call.callId, call.person.id);
    if (this.underWay.has(key)) return;
    this.underWay.add(key);
    try {
      await this.settle(call);
    } catch (error) {
      this.deps.fault(error, 'a call could not be given another home yet');
      this.deps.clock.after(RETRY_MS, () => {
        if (this.deps.awayCalls.of(call.person) === call) void this.succeed(call);
      });
    } finally {
      this.underWay.delete(key);
    }
  }

  /** This node was taken for dead, and another one is the call's home by now: members who are seated here find it. */
  private surrendered(call: Call): void {
    const { awayCalls } = this.deps;
    for (const { person, since } of call.members) {
      const { session } = person;
      if (person.seatedAt !== null || session.state !== 'in_call' || session.callId !== call.id) continue;
      const { id, name } = call.other(person.id).person;
      person.session = { ...session, elsewhere: NOWHERE };
      const { wishes } = session;
      void this.succeed(
        awayCalls.enter({ callId: call.id, person, partner: { id, name }, wishes, since, home: NOWHERE }),
      );
    }
  }

  private async settle(call: AwayCall): Promise<void> {
    const { leases, switchboard, awayCalls, calls, members } = this.deps;
    const { self } = switchboard;
    if (calls.get(call.callId) !== undefined) {
      this.arrive(call);
      return;
    }
    const lease = await leases.take(callKey(call.callId), self, { ttlMs: CALL_TTL_MS, from: call.home });
    if (awayCalls.of(call.person) !== call) return;
    if (lease.holder !== self) {
      awayCalls.moved(call, lease.holder);
      await awayCalls.back(call);
      // That one may be gone as well by now.
      if (awayCalls.of(call.person) === call && !members.isKnown(call.home)) await this.settle(call);
      return;
    }
    // While the lease was on its way, somebody else of the call may have been quicker.
    if (calls.get(call.callId) !== undefined) {
      this.arrive(call);
      return;
    }
    const note = this.noteOn(lease);
    if (note !== null) this.adopt(call.callId, note);
    else {
      // It ended in the very moment in which its home did, or was never written down so that it could be read.
      awayCalls.lost(call);
      await leases.release(callKey(call.callId), self);
    }
  }

  /** One that cannot be read is said, and is none: tried again, it would not be read either, and the call never end. */
  private noteOn({ note }: Lease): CallNote | null {
    if (note === '') return null;
    try {
      return callNoteSchema.parse(JSON.parse(note));
    } catch (error) {
      this.deps.fault(error, 'what was written down of a call cannot be read');
      return null;
    }
  }

  /** Their partner was seated here before them, and this node has been the call's home since. */
  private arrive(call: AwayCall): void {
    const { awayCalls, homeCalls, calls } = this.deps;
    const { callId, person, wishes, since } = call;
    if (calls.get(callId)?.member(person.id) === undefined) {
      awayCalls.lost(call);
      return;
    }
    awayCalls.forget(person);
    person.session = { state: 'in_call', wishes, callId, since };
    homeCalls.arrive(person, callId);
  }

  private adopt(callId: string, note: CallNote): void {
    const { calls, callMedia, homeCalls, fault } = this.deps;
    const [one, other] = note.members;
    const seats = note.handedOver?.seats ?? [NOWHERE, NOWHERE];
    const call = new Call(callId, note.mode, note.matchedAt, [
      this.member(callId, one, seats[0]),
      this.member(callId, other, seats[1]),
    ]);
    call.announced = true;
    call.flowedAt = note.flowedAt;
    call.connectedAt = note.connectedAt;
    call.lines = note.lines;
    call.linesBefore = note.lines;
    for (const entry of note.undelivered) call.chat.set(keyOf(entry.senderId, entry.id), { ...entry });
    calls.adopt(call, note.acceptUntil);
    for (const { person } of call.members) {
      // Who came here because their node died has not been told yet that their call goes on.
      if (person.seatedAt === null) homeCalls.welcome(call, person);
    }
    for (const { person } of call.members) {
      if (person.seatedAt !== NOWHERE) continue;
      homeCalls.expect(person, callId);
      const graceMs = LIMITS.resumeSeconds * 1000;
      call.other(person.id).person.tell({ event: 'partner_reconnecting', data: { callId, graceMs } });
    }
    if (note.mode === 'text' || this.carryOn(call, note)) return;
    callMedia.rejoin(call).catch((error: unknown) => fault(error, 'an adopted call could not be joined'));
  }

  /** What flows goes on where the home was given up of its own will. `false`: it has to be joined (anew). */
  private carryOn(call: Call, { handedOver }: CallNote): boolean {
    const { media, callMedia } = this.deps;
    const joined = handedOver?.joined ?? null;
    if (joined === null) return false;
    media.carryOn(call.id, joined);
    const lines = call.members.map(
      ({ person }) => (media.lineOf(person.id) ?? media.delegateLine(person.id))?.lineId ?? '',
    );
    if (!lines.every((lineId) => joined.lines.includes(lineId))) return false;
    callMedia.carryOn(call, joined.generation);
    return true;
  }

  private member(
    callId: string,
    { delegate, accepted }: CallNote['members'][number],
    seat: NodeAddress,
  ): Member {
    const { awayCalls, homeCalls, clock, members } = this.deps;
    const own = this.ownMember(callId, delegate.identity.userId);
    const line = delegate.line === null || members.isDead(delegate.line.node) ? null : delegate.line;
    if (own !== undefined) awayCalls.forget(own);
    return {
      person: own ?? homeCalls.admit({ ...delegate, line }, seat, callId),
      since: delegate.since,
      wishes: delegate.wishes,
      accepted,
      typing: false,
      chatPace: fullPace(CHAT_LIMIT, clock.now()),
    };
  }

  /** A member who is seated here: the call is at home where they are. */
  private ownMember(callId: string, personId: string): Person | undefined {
    for (const { callId: id, person } of this.deps.awayCalls.all()) {
      if (id !== callId || person.id !== personId) continue;
      const { session } = person;
      if (session.state !== 'in_call') return undefined;
      const { wishes, since } = session;
      person.session = { state: 'in_call', wishes, callId, since };
      return person;
    }
    return undefined;
  }
}
