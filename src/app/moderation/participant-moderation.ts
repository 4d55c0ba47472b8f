import type { ClientData, ClientReply } from '../../protocol';
import type { Identity } from '../accounts/identity';
import type { Call } from '../calls/call';
import type { CallHistory } from '../calls/call-history';
import type { Calls } from '../calls/calls';
import type { CallModeration } from '../calls/commands';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import { reportIdOf } from './report-id';
import type { Report, Reports } from './report-store';

/** Keeps blocks beyond the present connection. */
export interface BlockStore {
  /** Resolves once the block would survive a crash. `false`: nothing is kept of this peer. */
  block(identity: Identity, other: { userId: string; name: string }): Promise<boolean>;
}

/** The guests of one address share a pace, since a reporter without a cookie is another one each time. */
export interface ReportPace {
  /** Throws `DomainError('rate_limited')`. */
  report(peer: Peer): Promise<void>;
}

export interface ParticipantModerationDeps {
  readonly calls: Calls;
  readonly history: CallHistory;
  readonly reports: Reports;
  readonly blocks: BlockStore;
  readonly clock: Clock;
  readonly pace: ReportPace;
  /** Learns of each report that was kept. */
  readonly holds: { reported(report: Report): void };
}

/** What participants can do about each other: report and block (R1). It runs on the node that owns the call. */
export class ParticipantModeration implements CallModeration {
  constructor(private readonly deps: ParticipantModerationDeps) {}

  /**
   * The two peers are never matched again, not at later visits either. Their call ends at once, even without records.
   */
  async block(peer: Peer, callId: string): Promise<void> {
    const { calls, blocks } = this.deps;
    const call = calls.currentOrRecent(peer, callId);
    const other = call.other(peer.id).peer;
    // The peer's next gateway reads it in their snapshot, even if this node dies right after the reply.
    peer.block(other.id);
    if (call.phase.phase !== 'ended') calls.end(call, 'blocked', peer);
    // An erased user cannot come back under the same id.
    if (call.erased.has(other.id)) return;
    await blocks.block(peer.identity, { userId: other.id, name: other.name });
    // Repeated: if the block was removed meanwhile, the records have just stored it again.
    peer.block(other.id);
  }

  /** One report per reporter and call: a repeated report is acknowledged again but not stored again. */
  async report(
    peer: Peer,
    { callId, type, words }: ClientData<'report_user'>,
  ): Promise<ClientReply<'report_user'>> {
    const { calls, reports, holds, pace } = this.deps;
    const call = calls.currentOrRecent(peer, callId);
    const known = call.reports.get(peer.id);
    if (known?.isKept === true) return { reportId: known.id };
    if (known === undefined) await pace.report(peer);
    const reportId = known?.id ?? reportIdOf(callId, peer.id);
    call.reports.set(peer.id, { id: reportId, isKept: false });
    const report = await this.write(reportId, call, peer, { type, description: words });
    await reports.append(report);
    call.reports.set(peer.id, { id: reportId, isKept: true });
    holds.reported(report);
    return { reportId };
  }

  private async write(
    reportId: string,
    call: Call,
    peer: Peer,
    { type, description }: Pick<Report, 'type' | 'description'>,
  ): Promise<Report> {
    const { clock, history } = this.deps;
    const reported = call.other(peer.id).peer;
    const at = clock.now();
    const chatLog = await history.chatOf(call);
    return {
      reportId,
      at,
      reporterId: peer.id,
      reportedId: reported.id,
      callId: call.id,
      callStartedAt: call.matchedAt,
      type,
      description,
      restricted: call.erased.size > 0,
      chatLog,
      reporterAddressHash: peer.addressHash,
      reportedAddressHash: reported.addressHash,
      reporterSubnetHash: peer.origin?.subnet ?? null,
      reportedDeviceHash: reported.origin?.device ?? null,
    };
  }
}
