import type { Call } from '../../calls/call';
import type { Calls } from '../../calls/calls';
import type { Clock } from '../../ports/clock';
import type { LeaseStore } from '../../ports/lease-store';
import type { CallNote } from '../contract';
import type { ClusterMedia } from '../media/cluster-media';
import type { Switchboard } from '../switchboard';
import { delegateState } from './delegate';

/** How long a call's note outlives the last time its home has renewed it. */
export const CALL_TTL_MS = 60_000;
const RENEW_MS = 10_000;
/** A process that was held up for this long may have been taken for dead: it finds out at once whose its calls are. */
const HELD_UP_MS = 1_500;
const LOOK_MS = 500;
/** Lines that somebody may not have yet: as many as `Chat` lets be on their way, of both. */
const UNDELIVERED = 120;

export const callKey = (callId: string): string => `call:${callId}`;

export interface CallNotesDeps {
  readonly leases: LeaseStore;
  readonly calls: Calls;
  readonly media: ClusterMedia;
  readonly switchboard: Switchboard;
  readonly clock: Clock;
  readonly fault: (error: unknown, words: string) => void;
}

/**
 * Writes down the calls that are at home here, each time something about them changes, so that another node can be
 * their home when this one is gone. A call whose lease another node has taken is that node's.
 */
export class CallNotes {
  private readonly due = new Set<Call>();
  /** Their notes say where everything is, so that whoever is their home next need make nothing anew. */
  private readonly handing = new Set<Call>();
  private writing: NodeJS.Immediate | undefined;
  private readonly stop: () => void;

  constructor(private readonly deps: CallNotesDeps) {
    const { calls, leases, switchboard, clock } = deps;
    const write = (call: Call): void => this.writeSoon(call);
    calls.on({
      opened: write,
      adopted: write,
      changed: write,
      connected: write,
      ended: (call) => {
        this.due.delete(call);
        leases.release(callKey(call.id), switchboard.self).catch(this.report);
      },
      surrendered: (call) => this.due.delete(call),
    });
    const writeAll = (): void => [...calls.all()].forEach(write);
    let lookedAt = clock.now();
    const stops = [
      clock.every(RENEW_MS, writeAll),
      clock.every(LOOK_MS, () => {
        if (clock.now() - lookedAt >= HELD_UP_MS) writeAll();
        lookedAt = clock.now();
      }),
    ];
    this.stop = () => stops.forEach((stop) => stop());
  }

  noteOf(call: Call): CallNote {
    const { media } = this.deps;
    const [one, other] = call.members.map(({ person, since, accepted }) => {
      const { session } = person;
      const wishes = session.state === 'in_call' ? session.wishes : null;
      const line = person.seatedAt === null ? media.lineOf(person.id) : media.delegateLine(person.id);
      return wishes === null ? null : { delegate: delegateState(person, { wishes, since }, line), accepted };
    });
    if (one === null || one === undefined || other === null || other === undefined) {
      throw new Error('a call that is over has no note');
    }
    return {
      mode: call.mode,
      matchedAt: call.matchedAt,
      members: [one, other],
      acceptUntil: call.phase.phase === 'meeting' ? call.phase.until : null,
      flowedAt: call.flowedAt,
      connectedAt: call.connectedAt,
      lines: call.lines,
      handedOver: this.handing.has(call) ? this.handedOver(call) : null,
      undelivered: [...call.chat.values()].filter(({ status }) => status === 'sent').slice(-UNDELIVERED),
    };
  }

  /** Writes a call down for another home. `false` when it is another node's already, or over. */
  async handOver(call: Call): Promise<boolean> {
    const { leases, switchboard, calls } = this.deps;
    const key = callKey(call.id);
    this.handing.add(call);
    try {
      do {
        this.due.delete(call);
        if (calls.get(call.id) !== call) return false;
        const note = JSON.stringify(this.noteOf(call));
        const lost = await leases.renew(switchboard.self, [{ key, note }], CALL_TTL_MS);
        if (lost.length > 0) this.lost([call], new Set(lost));
        // What has changed while it was written has to be in the note as well.
      } while (this.due.has(call));
      return calls.get(call.id) === call;
    } finally {
      // Nothing changes any more between here and the surrender, which follows in the same turn.
      this.handing.delete(call);
    }
  }

  private handedOver(call: Call): CallNote['handedOver'] {
    const [one, other] = call.members.map(({ person }) => person.seatedAt ?? this.deps.switchboard.self);
    if (one === undefined || other === undefined) return null;
    return { seats: [one, other], joined: this.deps.media.flowing(call.id) };
  }

  close(): void {
    this.stop();
    clearImmediate(this.writing);
    this.due.clear();
  }

  private writeSoon(call: Call): void {
    this.due.add(call);
    this.writing ??= setImmediate(() => {
      this.writing = undefined;
      this.write();
    });
  }

  private write(): void {
    const { leases, switchboard, calls } = this.deps;
    const going = [...this.due].filter((call) => calls.get(call.id) === call);
    this.due.clear();
    if (going.length === 0) return;
    const renewals = going.map((call) => ({
      key: callKey(call.id),
      note: JSON.stringify(this.noteOf(call)),
    }));
    leases
      .renew(switchboard.self, renewals, CALL_TTL_MS)
      .then((lost) => this.lost(going, new Set(lost)))
      .catch(this.report);
  }

  /** Other nodes took this one for dead, and one of them is the call's home now. */
  private lost(going: readonly Call[], keys: ReadonlySet<string>): void {
    for (const call of going) if (keys.has(callKey(call.id))) this.deps.calls.surrender(call);
  }

  private readonly report = (error: unknown): void => {
    this.deps.fault(error, 'calls could not be written down for other nodes');
  };
}
