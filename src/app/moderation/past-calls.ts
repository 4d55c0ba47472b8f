import type { CallCommand } from '../calls/commands';
import type { CallJournal, PastCall } from '../calls/call-journal';
import { readInTime } from '../calls/journal-deadline';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import { DomainError } from '../../domain/error';
import { reportIdOf } from './report-id';
import type { BlockStore, ReportPace } from './participant-moderation';
import type { Report, Reports } from './report-store';

export interface PastCallsDeps {
  readonly journal: Pick<CallJournal, 'past'>;
  readonly reports: Reports;
  readonly blocks: BlockStore;
  readonly clock: Clock;
  readonly pace: ReportPace;
  /** Learns of each report that was kept. */
  readonly holds: { reported(report: Report): void };
}

/**
 * Reports and blocks about calls that no node in reach owns any more: their owner has died or was started again, or they
 * ended hours ago. The call's record says who took part in it.
 */
export class PastCalls {
  constructor(private readonly deps: PastCallsDeps) {}

  /** Answers with the data of the reply; null: the records have no such call of this peer, or cannot be read now. */
  async execute(peer: Peer, command: CallCommand): Promise<object | null> {
    switch (command.event) {
      case 'report_user':
        return this.report(peer, command.data);
      case 'block_user':
        return this.block(peer, command.data.callId);
      default:
        return null;
    }
  }

  private async block(peer: Peer, callId: string): Promise<object | null> {
    const call = await this.find(peer, callId);
    if (call === null) return null;
    const { other } = call;
    peer.block(other.userId);
    // An erased user cannot come back under the same id.
    if (!call.isRestricted) {
      await this.deps.blocks.block(peer.identity, other);
      // Repeated: if the block was removed meanwhile, the records have just stored it again.
      peer.block(other.userId);
    }
    return {};
  }

  private async report(
    peer: Peer,
    { callId, type, words }: Extract<CallCommand, { event: 'report_user' }>['data'],
  ): Promise<object | null> {
    const { clock, reports, holds, pace } = this.deps;
    const call = await this.find(peer, callId);
    if (call === null) return null;
    await pace.report(peer);
    const report: Report = {
      reportId: reportIdOf(callId, peer.id),
      at: clock.now(),
      reporterId: peer.id,
      reportedId: call.other.userId,
      callId,
      callStartedAt: call.startedAt,
      type,
      description: words,
      restricted: call.isRestricted,
      chatLog: call.messages.map(({ senderId, content, timestamp }) => ({ senderId, content, timestamp })),
      reporterAddressHash: peer.addressHash,
      reportedAddressHash: call.other.addressHash,
      reporterSubnetHash: peer.origin?.subnet ?? null,
      // The record of a call does not have it.
      reportedDeviceHash: null,
    };
    await reports.append(report);
    holds.reported(report);
    return { reportId: report.reportId };
  }

  private async find(
    peer: Peer,
    callId: string,
  ): Promise<(PastCall & { other: PastCall['participants'][0] }) | null> {
    const call = await this.read(callId);
    if (call === null) return null;
    const other = call.participants.find(({ userId }) => userId !== peer.id);
    const isTheirs = call.participants.some(({ userId }) => userId === peer.id);
    return isTheirs && other !== undefined ? { ...call, other } : null;
  }

  private async read(callId: string): Promise<PastCall | null> {
    const { journal, clock } = this.deps;
    try {
      return await readInTime(journal.past(callId), clock);
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }
}
