import type { Call } from '../../calls/call';
import type { CallMediaDirector } from '../../calls/call-media';
import type { Calls } from '../../calls/calls';
import type { People } from '../../people/people';
import type { Members } from '../members';
import type { ClusterMedia } from '../media/cluster-media';
import type { Switchboard } from '../switchboard';
import type { AwayCalls } from './away-calls';
import type { CallNotes } from './call-notes';
import type { Succession } from './succession';

export interface HandoverDeps {
  readonly switchboard: Switchboard;
  readonly members: Members;
  readonly people: People;
  readonly calls: Calls;
  readonly callMedia: CallMediaDirector;
  readonly media: ClusterMedia;
  readonly notes: Pick<CallNotes, 'handOver'>;
  readonly awayCalls: AwayCalls;
  readonly succession: Succession;
  readonly fault: (error: unknown, words: string) => void;
}

/**
 * Calls that change their home while both homes live: by the will of the old one, which is to be empty soon (V9), or
 * because it was taken for dead. Nothing of the call ends; what flows goes on flowing.
 */
export class Handover {
  private readonly underWay = new Set<string>();

  constructor(private readonly deps: HandoverDeps) {
    const { switchboard, calls, people, awayCalls, succession } = deps;
    calls.on({ surrendered: (call) => this.surrendered(call) });
    switchboard.onTell('call_handed_over', ({ callId, personId }, from) => {
      const person = people.get(personId);
      const call = person === undefined ? undefined : awayCalls.of(person);
      if (call?.callId === callId && call.home === from) void succession.succeed(call);
    });
  }

  /** Gives up the calls that nobody seated here is in, as far as they stand firmly at this moment. */
  handOver(): void {
    for (const call of this.deps.calls.all()) {
      if (this.underWay.has(call.id) || !this.isFirm(call)) continue;
      this.underWay.add(call.id);
      this.give(call)
        .catch((error: unknown) => this.deps.fault(error, 'a call could not be handed over'))
        .finally(() => this.underWay.delete(call.id));
    }
  }

  private async give(call: Call): Promise<void> {
    const { notes, calls, switchboard } = this.deps;
    if (!(await notes.handOver(call)) || !this.isFirm(call)) return;
    const seats = call.members.map(({ person }) => ({ personId: person.id, seat: person.seatedAt }));
    calls.surrender(call);
    for (const { personId, seat } of seats) {
      if (seat !== null) switchboard.tell(seat, 'call_handed_over', { callId: call.id, personId });
    }
  }

  /** Everybody is at a living seat elsewhere, and the media is not just being brought about. */
  private isFirm(call: Call): boolean {
    const { calls, media, members } = this.deps;
    if (calls.get(call.id) !== call) return false;
    const isElsewhere = call.members.every(
      ({ person }) => person.seatedAt !== null && person.isHere && members.isKnown(person.seatedAt),
    );
    if (!isElsewhere) return false;
    return call.mode === 'text' || (call.media.state === 'flowing' && media.flowing(call.id) !== null);
  }

  /** The call has another home, which has its media in hand; whoever of it is seated here follows it (`Succession`). */
  private surrendered(call: Call): void {
    this.deps.callMedia.letGo(call);
    this.deps.media.release(call.id);
  }
}
