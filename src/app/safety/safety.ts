import { randomUUID } from 'node:crypto';
import type { ClientData, ClientReply } from '../../protocol';
import type { Calls } from '../calls/calls';
import type { Person } from '../people/person';
import type { Clock } from '../ports/clock';
import type { ReportJournal } from '../ports/report-journal';

/** What a person can do about somebody they have met. */
export class Safety {
  constructor(
    private readonly calls: Calls,
    private readonly journal: ReportJournal,
    private readonly clock: Clock,
  ) {}

  /** The two never meet again while either is here; a call they are in ends. */
  block(person: Person, callId: string): void {
    const call = this.calls.presentOrPast(person, callId);
    person.blocked.add(call.other(person.id).person.id);
    if (call.phase.phase !== 'ended') this.calls.end(call, 'blocked', person);
  }

  async report(
    person: Person,
    { callId, type, words }: ClientData<'report_user'>,
  ): Promise<ClientReply<'report_user'>> {
    const call = this.calls.presentOrPast(person, callId);
    // A reporter counts once a call: the same report again is acknowledged again, not kept again.
    const known = call.reports.get(person.id);
    if (known !== undefined) return { reportId: known };
    const reportId = randomUUID();
    call.reports.set(person.id, reportId);
    const report = {
      reportId,
      at: this.clock.now(),
      reporterId: person.id,
      reportedId: call.other(person.id).person.id,
      callId,
      callStartedAt: call.matchedAt,
      type,
      words,
    };
    await this.journal.append(report).catch((error: unknown) => {
      call.reports.delete(person.id);
      throw error;
    });
    return { reportId };
  }
}
