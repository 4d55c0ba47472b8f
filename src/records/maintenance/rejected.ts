import path from 'node:path';
import { FolderLock } from '../files/folder-lock';
import { MODELS } from '../models';
import { RejectedLog, rejectionsIn, type Rejection } from '../outbox/rejected-log';
import {
  StoreUnavailable,
  type AnyModel,
  type Identified,
  type Model,
  type RecordStore,
} from '../store/record-store';
import type { CommandContext } from './commands';
import { MaintenanceFailure } from './failure';

type FolderContext = Omit<CommandContext, 'store'>;

const folderOf = ({ dataDir }: Pick<CommandContext, 'dataDir'>): string => path.join(dataDir, 'outbox');

/** One rejection in a line, without texts that users wrote. */
function inPlainEnglish(rejection: Rejection): string {
  const at = rejection.at.toISOString().slice(0, 19).replace('T', ' ');
  if ('line' in rejection) return `  ${at}  (unreadable)  ${rejection.reason}`;
  const { collection, filter } = rejection.entry;
  const id = filter['_id'];
  return `  ${at}  ${collection}  ${typeof id === 'string' ? id : '(no single record)'}  ${rejection.reason}`;
}

const contentOf = (rejection: Rejection): string =>
  'line' in rejection ? rejection.line : JSON.stringify(rejection.entry);

/** Lists the rejected entries; a server may run meanwhile. */
export async function runRejected(
  context: FolderContext,
  { withContent }: { readonly withContent: boolean },
): Promise<void> {
  const { say, clock } = context;
  const rejections = await rejectionsIn(folderOf(context), clock);
  for (const rejection of rejections) {
    say(inPlainEnglish(rejection));
    if (withContent) say(`    ${contentOf(rejection)}`);
  }
  say(rejections.length === 0 ? 'Nothing was put aside.' : `${rejections.length} changes were put aside.`);
}

/** Removes the rejected entries. */
export async function runDropRejected(
  context: FolderContext,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<void> {
  if (isDryRun) return sayWhat(context, 'would be removed');
  await locked(context, async (rejected) => {
    const all = await rejected.all();
    await rejected.keepOnly([]);
    context.say(`${all.length} changes were removed.`);
  });
}

/** Tries to store the rejected entries once more, the oldest first. Those that the store accepts are removed. */
export async function runRetryRejected(context: CommandContext): Promise<void> {
  const { store, say } = context;
  await locked(context, async (rejected) => {
    const all = await rejected.all();
    const left: Rejection[] = [];
    let failure: StoreUnavailable | undefined;
    for (const rejection of all) {
      const outcome: Outcome = failure === undefined ? await retried(store, rejection) : { kept: rejection };
      if ('failure' in outcome) failure = outcome.failure;
      if ('kept' in outcome) left.push(outcome.kept);
    }
    await rejected.keepOnly(left);
    for (const rejection of left) say(inPlainEnglish(rejection));
    say(`${all.length - left.length} changes were taken; ${left.length} stay put aside.`);
    if (failure !== undefined) throw failure;
    if (left.length > 0) throw new MaintenanceFailure('Not all could be taken; --drop removes them.');
  });
}

/** Prints what `runRetryRejected` would do; this needs no store. */
export const dryRetryRejected = (context: FolderContext): Promise<void> =>
  sayWhat(context, 'would be put through the store again');

type Outcome = { readonly kept: Rejection; readonly failure?: StoreUnavailable } | { readonly taken: true };

async function retried(store: RecordStore, rejection: Rejection): Promise<Outcome> {
  if ('line' in rejection) return { kept: rejection };
  const { collection, filter, update, upsert } = rejection.entry;
  const model: AnyModel | undefined = MODELS.find((one) => one.collection === collection);
  if (model === undefined) return { kept: rejection };
  try {
    // An entry may be about any kind of record; its fields are checked by the schema, not by the compiler.
    await store.collection(model as Model<Identified>).update(filter, update, { upsert });
    return { taken: true };
  } catch (error) {
    // The store is away: attempts with the other entries would only take time.
    if (error instanceof StoreUnavailable) return { kept: rejection, failure: error };
    return { kept: { ...rejection, reason: String(error) } };
  }
}

async function sayWhat(context: FolderContext, would: string): Promise<void> {
  const rejections = await rejectionsIn(folderOf(context), context.clock);
  for (const rejection of rejections) context.say(inPlainEnglish(rejection));
  context.say(`${rejections.length} changes ${would}.`);
}

/** Locks the outbox's folder for the command. Throws `FolderInUse` while a server runs. */
async function locked(context: FolderContext, work: (rejected: RejectedLog) => Promise<void>): Promise<void> {
  const { clock, say } = context;
  const folder = folderOf(context);
  const lock = await FolderLock.take(folder, clock);
  try {
    const print = ({ entries }: { readonly entries?: number }, words: string): void =>
      say(entries === undefined ? words : `${entries}: ${words}`);
    const rejected = await RejectedLog.open(folder, { clock, log: { info: print, error: print } });
    try {
      await work(rejected);
    } finally {
      await rejected.close();
    }
  } finally {
    await lock.release();
  }
}
