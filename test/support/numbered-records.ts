import { reportModel, userModel } from '../../src/records/models';
import type { Entry } from '../../src/records/store/outbox';
import type { RecordStore } from '../../src/records/store/record-store';
import { report, user } from './records';

/** Users whose records are written again and again; every third write makes a report, which is written once. */
const USERS = 40;
const isReport = (number: number): boolean => number % 3 === 0;
const userOf = (number: number): string => `person${number % USERS}`;

/** The write with this number. Writes of one user have to be applied in their order. */
export function entryOf(number: number): Entry {
  const { _id, ...fields } = isReport(number)
    ? report(`report${number}`, { description: `the ${number}th` })
    : user(userOf(number), { sessionStats: { ...NOTHING, calls: number } });
  const collection = isReport(number) ? reportModel.collection : userModel.collection;
  return { collection, filter: { _id }, update: { $set: fields }, upsert: true };
}

const NOTHING = { calls: 0, talkedMs: 0, longestMs: 0, messagesSent: 0, skipped: 0 };

/** The acknowledged writes that cannot be found. */
export async function missingOf(kept: readonly number[], store: RecordStore): Promise<string[]> {
  const reports = new Set((await store.collection(reportModel).find({})).map(({ _id }) => _id));
  const calls = new Map(
    (await store.collection(userModel).find({})).map(({ _id, sessionStats }) => [_id, sessionStats.calls]),
  );
  return kept
    .filter((number) =>
      isReport(number) ? !reports.has(`report${number}`) : (calls.get(userOf(number)) ?? -1) < number,
    )
    .map((number) => (isReport(number) ? `report${number}` : `${userOf(number)} as of ${number}`));
}
