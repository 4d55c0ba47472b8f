import path from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { ConfigError, readRecordsCommandConfig, type RecordsCommandConfig } from './config';
import { openDataFolder, UnusableFolder } from './disk/data-folder';
import { systemClock } from './memory/clock';
import { EmbeddedStore } from './records/embedded/embedded-store';
import {
  isInWords,
  runBackup,
  runIndexes,
  runMigrate,
  runRestore,
  type CommandContext,
} from './records/maintenance/commands';
import {
  dryRetryRejected,
  runDropRejected,
  runRejected,
  runRetryRejected,
} from './records/maintenance/rejected';
import { faultOfUri } from './records/mongo/mongo-connection';
import { MongoStore } from './records/mongo/mongo-store';
import { StoreUnavailable, type RecordStore } from './records/store/record-store';

/** Exit codes: 1 it could not be done, 2 wrong use or a configuration that cannot be used. */
const EXIT = { done: 0, failed: 1, use: 2 } as const;

const HELP = `Looks after the records of people, calls, reports and plans.

  migrate [--to N] [--dry-run]        brings the records to the newest version, or to version N, back too
  indexes [--dry-run]                 lists the indexes, names those that are missing, and makes them
  backup FILE|FOLDER                  writes every record to one file
  restore FILE [--replace] [--dry-run]  brings a backup back; --replace deletes what is there first
  rejected [--content]                lists changes that the store could not take, with --content what they say
  rejected --retry [--dry-run]        puts them through the store again
  rejected --drop [--dry-run]         removes them

--dry-run says what would be done and changes nothing.
The records are in the database that MONGODB_URI names, else in the folder records of DATA_DIR; while a server
runs on that folder, stop it first. Only listing what was rejected can be done while it runs.
Exit codes: 0 done, 1 it could not be done, 2 wrong use or a configuration that cannot be used.
`;

/** A command line that makes no sense; the message says why. */
class WrongUse extends Error {}

type Task =
  | { readonly needs: 'store'; readonly run: (context: CommandContext) => Promise<void> }
  | { readonly needs: 'folder'; readonly run: (context: Omit<CommandContext, 'store'>) => Promise<void> };

const withStore = (run: (context: CommandContext) => Promise<void>): Task => ({ needs: 'store', run });

function readTask(commandLine: readonly string[]): Task | 'help' {
  const { values, positionals } = parse(commandLine);
  const [command, target, ...more] = positionals;
  const isDryRun = values['dry-run'] ?? false;
  if (values.help || command === 'help') return 'help';
  const takesTarget = command === 'backup' || command === 'restore';
  if (more.length > 0 || (target !== undefined && !takesTarget))
    throw new WrongUse(`There is one word too many: ${more[0] ?? target}.`);
  if (takesTarget && target === undefined) throw new WrongUse(`${command} needs the name of a file.`);
  if (values.to !== undefined && command !== 'migrate') throw new WrongUse('--to belongs to migrate.');
  if (values.replace !== undefined && command !== 'restore')
    throw new WrongUse('--replace belongs to restore.');
  const isOfRejected = (values.content ?? values.retry ?? values.drop) !== undefined;
  if (isOfRejected && command !== 'rejected')
    throw new WrongUse('--content, --retry and --drop belong to rejected.');
  if (isDryRun && command === 'backup')
    throw new WrongUse('backup changes no record, so it has no --dry-run.');
  switch (command) {
    case 'migrate': {
      const to = values.to === undefined ? {} : { to: version(values.to) };
      return withStore((context) => runMigrate(context, { ...to, isDryRun }));
    }
    case 'indexes':
      return withStore((context) => runIndexes(context, { isDryRun }));
    case 'backup':
      return withStore((context) => runBackup(context, target ?? ''));
    case 'restore':
      return withStore((context) =>
        runRestore(context, target ?? '', { replace: values.replace ?? false, isDryRun }),
      );
    case 'rejected':
      return readRejectedTask(values, isDryRun);
    case undefined:
      throw new WrongUse('Which command?');
    default:
      throw new WrongUse(`There is no command ${command}.`);
  }
}

interface RejectedFlags {
  readonly content?: boolean;
  readonly retry?: boolean;
  readonly drop?: boolean;
}

function readRejectedTask(
  { content = false, retry = false, drop = false }: RejectedFlags,
  isDryRun: boolean,
): Task {
  if (Number(content) + Number(retry) + Number(drop) > 1)
    throw new WrongUse('--content, --retry and --drop do not go together.');
  if (isDryRun && !retry && !drop) throw new WrongUse('Listing changes nothing, so it has no --dry-run.');
  if (retry && !isDryRun) return withStore(runRetryRejected);
  return {
    needs: 'folder',
    run: (context) => {
      if (retry) return dryRetryRejected(context);
      return drop ? runDropRejected(context, { isDryRun }) : runRejected(context, { withContent: content });
    },
  };
}

function parse(commandLine: readonly string[]) {
  try {
    return parseArgs({
      args: [...commandLine],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        'dry-run': { type: 'boolean' },
        replace: { type: 'boolean' },
        content: { type: 'boolean' },
        retry: { type: 'boolean' },
        drop: { type: 'boolean' },
        to: { type: 'string' },
      },
    });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

function version(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new WrongUse(`--to needs a number from 0, not ${text}.`);
  return Number(text);
}

async function openStore({ storage, records, logging }: RecordsCommandConfig): Promise<RecordStore> {
  const { mongodbUri } = records;
  const log = pino({ level: logging.level === 'info' ? 'warn' : logging.level }, pino.destination(2));
  if (mongodbUri === undefined) {
    await openDataFolder(storage.dataDir);
    return EmbeddedStore.open({ folder: path.join(storage.dataDir, 'records'), clock: systemClock, log });
  }
  const fault = faultOfUri(mongodbUri);
  if (fault !== undefined) throw new ConfigError([`MONGODB_URI: the driver of MongoDB refuses it: ${fault}`]);
  const store = new MongoStore({ uri: mongodbUri, clock: systemClock, log, makesIndexes: false });
  await store.reached();
  return store;
}

function explain(error: unknown): string {
  if (error instanceof StoreUnavailable) {
    const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
    return `The records cannot be reached${cause}. Check that the database runs, or that the disk has room.`;
  }
  return isInWords(error) || error instanceof UnusableFolder
    ? error.message
    : `This should not have happened: ${String(error)}`;
}

/** Runs one command and returns the exit code. */
async function main(commandLine: readonly string[]): Promise<number> {
  // Keeps the process alive, since the timers of the stores do not.
  const alive = setInterval(() => undefined, 60_000);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const complain = (text: string): void => void process.stderr.write(`${text}\n`);
  let store: RecordStore | undefined;
  try {
    const task = readTask(commandLine);
    if (task === 'help') {
      say(HELP);
      return EXIT.done;
    }
    const config = readRecordsCommandConfig();
    const context = { dataDir: config.storage.dataDir, clock: systemClock, say };
    if (task.needs === 'folder') {
      await task.run(context);
      return EXIT.done;
    }
    store = await openStore(config);
    await task.run({ ...context, store });
    return EXIT.done;
  } catch (error) {
    if (error instanceof ConfigError) {
      complain(
        `The configuration cannot be used:\n${error.problems.map((problem) => `  ${problem}`).join('\n')}`,
      );
      return EXIT.use;
    }
    if (error instanceof WrongUse) {
      complain(`${error.message}\n\n${HELP}`);
      return EXIT.use;
    }
    complain(explain(error));
    return EXIT.failed;
  } finally {
    clearInterval(alive);
    await store?.close();
  }
}

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
