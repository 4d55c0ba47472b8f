import { randomUUID } from 'node:crypto';
import type { ClientData, ClientReply } from '../../protocol';
import type { Call } from '../calls/call';
import type { Calls } from '../calls/calls';
import type { Identity } from '../accounts/identity';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import type { Report, Reports } from './report-store';

/** Keeps blocks beyond the visit. */
export interface KeepsBlocks {
  /** Resolves once the block would be found after a crash; `false`: nothing is kept of this person. */
  block(identity: Identity, other: { userId: string; name: string }): Promise<boolean>;
}

/** What a person can do about somebody they have met. */
export class Safety {
  constructor(
    private readonly calls: Calls,
    private readonly reports: Reports,
    private readonly blocks: KeepsBlocks,
    private readonly clock: Clock,
  ) {}

  /** The two never meet again, here and at any later visit; a call they are in ends at once, whatever the records do. */
  async block(peer: Peer, callId: string): Promise<void> {
    const call = this.calls.currentOrRecent(peer, callId);
    const other = call.other(peer.id).peer;
    peer.blocked.add(other.id);
    if (call.phase.phase !== 'ended') this.calls.end(call, 'blocked', peer);
    // Who was erased meanwhile cannot come back as who they were.
    if (call.erased.has(other.id)) return;
    await this.blocks.block(peer.identity, { userId: other.id, name: other.name });
    // Said again: a block that was taken back meanwhile has been made anew in the records.
    peer.blocked.add(other.id);
  }

  async report(
    peer: Peer,
    { callId, type, words }: ClientData<'report_user'>,
  ): Promise<ClientReply<'report_user'>> {
    const call = this.calls.currentOrRecent(peer, callId);
    // A reporter counts once a call: the same report again is acknowledged again, not kept again.
    const known = call.reports.get(peer.id);
    if (known?.isKept === true) return { reportId: known.id };
    const reportId = known?.id ?? randomUUID();
    call.reports.set(peer.id, { id: reportId, isKept: false });
    await this.reports.append(this.write(reportId, call, peer, { type, words }));
    call.reports.set(peer.id, { id: reportId, isKept: true });
    return { reportId };
  }

  private write(
    reportId: string,
    call: Call,
    peer: Peer,
    { type, words }: Pick<Report, 'type' | 'words'>,
  ): Report {
    const reported = call.other(peer.id).peer;
    return {
      reportId,
      at: this.clock.now(),
      reporterId: peer.id,
      reportedId: reported.id,
      callId: call.id,
      callStartedAt: call.matchedAt,
      type,
      words,
      restricted: call.erased.size > 0,
      chatLog: [...call.chat.values()].map(({ senderId, text, timestamp }) => ({
        senderId,
        content: text,
        timestamp,
      })),
      reporterAddressHash: peer.addressHash,
      reportedAddressHash: reported.addressHash,
    };
  }
}
