import { reportModel, userModel } from '../../src/records/models';
import type { Entry } from '../../src/records/store/outbox';
import type { RecordStore } from '../../src/records/store/record-store';
import { report, user } from './records';

/** People whose records are written again and again; every third write makes a report, which is written once. */
const PEOPLE = 40;
const isReport = (number: number): boolean => number % 3 === 0;
const personOf = (number: number): string => `person${number % PEOPLE}`;

/** The write with this number. Writes of one person have to be applied in their order. */
export function entryOf(number: number): Entry {
  const { _id, ...fields } = isReport(number)
    ? report(`report${number}`, { description: `the ${number}th` })
    : user(personOf(number), { sessionStats: { ...NOTHING, calls: number } });
  const collection = isReport(number) ? reportModel.collection : userModel.collection;
  return { collection, filter: { _id }, update: { $set: fields }, upsert: true };
}

const NOTHING = { calls: 0, talkedMs: 0, longestMs: 0, messagesSent: 0, skipped: 0 };

/** Which of the writes that were acknowledged cannot be found. */
export async function missingOf(kept: readonly number[], store: RecordStore): Promise<string[]> {
  const reports = new Set((await store.collection(reportModel).find({})).map(({ _id }) => _id));
  const calls = new Map(
    (await store.collection(userModel).find({})).map(({ _id, sessionStats }) => [_id, sessionStats.calls]),
  );
  return kept
    .filter((number) =>
      isReport(number) ? !reports.has(`report${number}`) : (calls.get(personOf(number)) ?? -1) < number,
    )
    .map((number) => (isReport(number) ? `report${number}` : `${personOf(number)} as of ${number}`));
}
