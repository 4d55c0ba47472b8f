import type { Call } from '../../calls/call';
import type { Calls } from '../../calls/calls';
import type { CallMediaDirector } from '../../calls/call-media';
import { UNNOTICED_MS } from '../../people/people';
import type { Person } from '../../people/person';
import type { Allowance } from '../../plans/allowance';
import type { Meter } from '../../plans/meter';
import type { NodeAddress } from '../../ports/bus';
import type { Clock } from '../../ports/clock';
import type { LeaseStore } from '../../ports/lease-store';
import { Refusal } from '../../../domain/refusal';
import { LIMITS, type EndReason } from '../../../protocol';
import type { AskData, DelegateState, LineAt } from '../contract';
import type { ClusterMedia } from '../media/cluster-media';
import { seatKey } from '../seats/seat-notes';
import type { Members } from '../members';
import type { Switchboard } from '../switchboard';
import { makeDelegate, NOWHERE } from './delegate';

export interface HomeCallsDeps {
  readonly switchboard: Switchboard;
  readonly members: Members;
  readonly calls: Calls;
  readonly callMedia: CallMediaDirector;
  readonly media: ClusterMedia;
  readonly meter: Meter;
  readonly leases: Pick<LeaseStore, 'find'>;
  readonly clock: Clock;
  readonly allowance: () => Allowance;
  /** Handles a member's message about a call as if their socket were here. Throws `Refusal`. */
  readonly act: (person: Person, event: string, data: unknown) => Promise<object>;
  /** A member is here (again): is told everything about the call. */
  readonly welcomeBack: (call: Call, person: Person) => void;
}

/** A seat says when a place is held no longer; should it die meanwhile, the home says so itself a little later. */
const PATIENCE_MS = 2_000;
const GRACE_MS = LIMITS.resumeSeconds * 1000;
const MISSED = 2;

/** The home's side of calls with members who are seated on other nodes. */
export class HomeCalls {
  /** Audits in a row in which a member's seat did not name them; by call and person. */
  private readonly missed = new Map<string, number>();

  constructor(private readonly deps: HomeCallsDeps) {
    const { switchboard, members, calls } = deps;
    switchboard.onAsk('member_act', async ({ callId, personId, event, data }, from) => ({
      data: { ...(await deps.act(this.delegate(callId, personId, from), event, data)) },
    }));
    switchboard.onAsk('member_leave', async (asked, from) => this.leave(asked, from));
    switchboard.onAsk('member_back', async (asked, from) => this.back(asked, from));
    switchboard.onAsk('members_audit', async ({ members: named }, from) => this.audit(named, from));
    switchboard.onTell('member_away', ({ callId, personId, graceMs, moving }, from) => {
      const delegate = calls.delegate(callId, personId, from);
      if (delegate !== undefined) this.away(delegate, callId, graceMs, moving ? 'later' : true);
    });
    switchboard.onTell('member_gone', ({ callId, personId }, from) => this.gone(callId, personId, from));
    switchboard.onTell('member_line', ({ callId, personId, line }, from) => {
      const delegate = calls.delegate(callId, personId, from);
      if (delegate !== undefined) this.line(delegate, line);
    });
    switchboard.onTell('call_over', ({ callId }, from) => {
      const call = from === switchboard.self ? undefined : calls.get(callId);
      if (call !== undefined) calls.end(call, 'lost');
    });
    calls.on({
      connected: (call) => this.connected(call),
      ended: (call, reason, by) => this.ended(call, reason, by),
      surrendered: (call) => this.letGo(call),
    });
    members.on({ died: (node) => this.nodeDied(node) });
  }

  /** How a member who is seated elsewhere takes part in this call. */
  admit(state: DelegateState, seat: NodeAddress, callId: string): Person {
    const delegate = this.delegateOf(state, seat, callId);
    this.deps.media.noteDelegate(delegate.id, state.line);
    return delegate;
  }

  /** A member has their seat on this node now. `false` where the call is over. */
  comeHome(person: Person, callId: string): boolean {
    const { calls, media, meter } = this.deps;
    const call = calls.get(callId);
    const before = call?.member(person.id)?.person;
    if (call === undefined || before === undefined) return false;
    if (before.presence.state === 'away') before.presence.stop();
    media.noteDelegate(person.id, null);
    calls.reseat(call, person);
    if (call.connectedAt !== null) meter.begin(callId, person, () => calls.endByPlan(call, person));
    return true;
  }

  /** A member has their seat here, where the call is at home by now, and is told everything about it. */
  arrive(person: Person, callId: string): boolean {
    if (!this.comeHome(person, callId)) return false;
    const call = this.deps.calls.get(callId);
    if (call !== undefined) this.welcome(call, person);
    return true;
  }

  /** Somebody seated here is told everything about a call that goes on. */
  welcome(call: Call, person: Person): void {
    if (person.isHere) this.deps.welcomeBack(call, person);
  }

  /** A member who was seated here is seated elsewhere, or about to be: their place is held until that node speaks up. */
  sendAway(call: Call, state: DelegateState, seat: NodeAddress): void {
    const before = call.member(state.identity.userId)?.person;
    if (before !== undefined) this.deps.meter.end(call.id, before);
    const delegate = this.admit(state, seat, call.id);
    this.deps.calls.reseat(call, delegate);
    this.away(delegate, call.id, GRACE_MS, false);
  }

  /** Of an adopted call: this member has not spoken up yet. */
  expect(delegate: Person, callId: string): void {
    this.away(delegate, callId, GRACE_MS, false);
  }

  private delegateOf(state: DelegateState, seat: NodeAddress, callId: string): Person {
    const { switchboard, allowance, clock } = this.deps;
    return makeDelegate(state, seat, callId, { switchboard, allowance: allowance(), now: clock.now() });
  }

  private delegate(callId: string, personId: string, from: NodeAddress): Person {
    const delegate = this.deps.calls.delegate(callId, personId, from);
    if (delegate === undefined) throw new Refusal('stale_call', 'that call is not at home here');
    return delegate;
  }

  private leave(
    { callId, personId, reason }: AskData<'member_leave'>,
    from: NodeAddress,
  ): Record<string, never> {
    const { calls } = this.deps;
    const delegate = this.delegate(callId, personId, from);
    const call = calls.get(callId);
    if (call === undefined) return {};
    if (reason === 'plan_over') calls.endByPlan(call, delegate);
    else calls.end(call, reason, delegate);
    return {};
  }

  private async back(
    { callId, personId, isHere, delegate: state }: AskData<'member_back'>,
    from: NodeAddress,
  ): Promise<{ known: boolean; connectedAt: number | null }> {
    const { calls, welcomeBack } = this.deps;
    if (calls.get(callId)?.member(personId)?.person.seatedAt !== from) await this.checkSeat(personId, from);
    const call = calls.get(callId);
    const before = call?.member(personId)?.person;
    if (call === undefined || before === undefined) return { known: false, connectedAt: null };
    if (before.presence.state === 'away') before.presence.stop();
    const delegate = this.delegateOf(state, from, callId);
    calls.reseat(call, delegate);
    this.missed.delete(keyOf(callId, personId));
    this.line(delegate, state.line);
    if (isHere) welcomeBack(call, delegate);
    else this.away(delegate, callId, GRACE_MS);
    return { known: true, connectedAt: call.connectedAt };
  }

  /** A node that stood still may speak up for somebody whose seat another one has taken meanwhile. Throws then. */
  private async checkSeat(personId: string, seat: NodeAddress): Promise<void> {
    const lease = await this.deps.leases.find(seatKey(personId));
    if (lease !== null && lease.holder !== seat) throw new Refusal('stale_call', 'they are seated elsewhere');
  }

  private away(delegate: Person, callId: string, graceMs: number, isTold: boolean | 'later' = true): void {
    const { calls, clock } = this.deps;
    const call = calls.get(callId);
    if (call === undefined) return;
    if (delegate.presence.state === 'away') delegate.presence.stop();
    const stop = clock.after(graceMs + PATIENCE_MS, () => calls.end(call, 'lost', delegate));
    delegate.presence = { state: 'away', until: clock.now() + graceMs, stop };
    const tell = (): void =>
      call.other(delegate.id).person.tell({ event: 'partner_reconnecting', data: { callId, graceMs } });
    if (isTold === true) tell();
    if (isTold !== 'later') return;
    clock.after(UNNOTICED_MS, () => {
      if (calls.get(callId) === call && call.member(delegate.id)?.person === delegate && !delegate.isHere)
        tell();
    });
  }

  private gone(callId: string, personId: string, from: NodeAddress): void {
    const { calls } = this.deps;
    const call = calls.get(callId);
    // Of an adopted call: their seat has not spoken up yet, and this is all it has to say.
    const delegate = calls.delegate(callId, personId, from) ?? calls.delegate(callId, personId, NOWHERE);
    if (call !== undefined && delegate !== undefined) calls.end(call, 'lost', delegate);
  }

  private line(delegate: Person, line: LineAt | null): void {
    const { media, callMedia } = this.deps;
    const before = media.delegateLine(delegate.id);
    media.noteDelegate(delegate.id, line);
    // The same line as before, at another seat: whatever flows goes on flowing.
    if (before?.lineId === line?.lineId && before?.ready === line?.ready) return;
    if (line?.ready === true) callMedia.lineReady(delegate);
    else callMedia.lineLost(delegate);
  }

  private connected(call: Call): void {
    for (const { person } of call.members) {
      if (person.seatedAt === null || call.connectedAt === null) continue;
      const told = { callId: call.id, personId: person.id, at: call.connectedAt };
      this.deps.switchboard.tell(person.seatedAt, 'member_connected', told);
    }
  }

  private ended(call: Call, reason: EndReason, by: Person | undefined): void {
    const { switchboard, clock } = this.deps;
    for (const { person } of call.members) {
      if (person.seatedAt === null) continue;
      if (person.seatedAt === NOWHERE) {
        switchboard.tellAll('call_over', { callId: call.id }).catch(() => undefined);
        continue;
      }
      switchboard.tell(person.seatedAt, 'member_ended', {
        callId: call.id,
        personId: person.id,
        reason,
        by: by?.id ?? null,
        at: clock.now(),
      });
      // Not told here, since they seem to be away; their seat knows better, should only its node have stood still.
      if (person === by || person.isHere) continue;
      const told = { callId: call.id, reason: reason === 'plan_over' ? 'left' : reason };
      const message = { event: 'partner_disconnected', data: told };
      switchboard.tell(person.seatedAt, 'member_tell', { personId: person.id, callId: call.id, message });
    }
    this.letGo(call);
  }

  private letGo(call: Call): void {
    for (const { person } of call.members) {
      this.missed.delete(keyOf(call.id, person.id));
      if (person.seatedAt === null) continue;
      if (person.presence.state === 'away') person.presence.stop();
      this.deps.media.noteDelegate(person.id, null);
    }
  }

  /** A node that dies takes no leave of the people seated there; they have as long as after any dropped socket. */
  private nodeDied(node: NodeAddress): void {
    for (const call of this.deps.calls.all()) {
      for (const { person } of call.members) {
        if (person.seatedAt === node && person.isHere) this.away(person, call.id, GRACE_MS);
      }
    }
  }

  /** Names those that are not of this home, and lets go of members whom their seat no longer names. */
  private audit(
    named: readonly { callId: string; personId: string }[],
    from: NodeAddress,
  ): { unknown: { callId: string; personId: string }[] } {
    const { calls } = this.deps;
    const keys = new Set(named.map(({ callId, personId }) => keyOf(callId, personId)));
    for (const call of [...calls.all()]) {
      for (const { person } of call.members) {
        if (person.seatedAt !== from || !person.isHere) continue;
        const key = keyOf(call.id, person.id);
        const missed = keys.has(key) ? 0 : (this.missed.get(key) ?? 0) + 1;
        this.missed.set(key, missed);
        if (missed >= MISSED) calls.end(call, 'lost', person);
      }
    }
    return {
      unknown: named.filter(({ callId, personId }) => {
        const person = calls.get(callId)?.member(personId)?.person;
        return person?.seatedAt !== from;
      }),
    };
  }
}

const keyOf = (callId: string, personId: string): string => `${callId} ${personId}`;
