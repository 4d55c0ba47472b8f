import { open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../app/ports/clock';
import { fromLine, toLine } from '../files/checked-line';
import { syncFolder } from '../files/folder';
import { GrowingFile } from '../files/growing-file';
import { linesOf } from '../files/lines';
import { SerialQueue } from '../files/serial-queue';
import type { Entry } from '../store/outbox';
import { toEntry } from './entry-line';

/** A rejected entry, which the store can never accept, or a line that could not be read. */
export type Rejection = {
  readonly at: Date;
  readonly reason: string;
} & ({ readonly entry: Entry } | { readonly line: string });

interface Details {
  readonly entries?: number;
  readonly err?: unknown;
}

export interface RejectedLogOptions {
  readonly clock: Clock;
  readonly log: Record<'info' | 'error', (details: Details, words: string) => void>;
  /** The size at which the oldest are dropped. */
  readonly mostBytes?: number;
}

const DAY_MS = 86_400_000;
/** They hold texts that users wrote, so they are kept only as long as an operator needs to look at them. */
const KEPT_MS = 30 * DAY_MS;
const MOST_BYTES = 4 << 20;
/** The part of the size that is left when the oldest are dropped, so that the next drop is not due at once. */
const LEFT = 3 / 4;

const lineSchema = z.strictObject({
  /** Missing in rejections from before there were dates. */
  at: z.date().optional(),
  reason: z.string(),
  entry: z.unknown().optional(),
  line: z.string().optional(),
});

const nameIn = (folder: string): string => path.join(folder, 'rejected.log');

interface Found {
  readonly rejections: readonly Rejection[];
  /** Bytes up to the end of the last whole line. */
  readonly whole: number;
  /** Whether every line was as it is written now. */
  readonly isCurrent: boolean;
}

/** Reads the rejections in an outbox's folder, the oldest first; changes nothing. */
export async function rejectionsIn(folder: string, clock: Clock): Promise<readonly Rejection[]> {
  return (await read(nameIn(folder), clock)).rejections;
}

/**
 * Entries that the store can never accept, for the operator to look at: for thirty days, and no more than some MiB.
 */
export class RejectedLog {
  private readonly turns = new SerialQueue();
  private readonly stopPruning: () => void;

  private constructor(
    private readonly folder: string,
    private readonly options: RejectedLogOptions,
    private file: GrowingFile,
  ) {
    const prune = (): void => void this.turns.run(() => this.prune());
    this.stopPruning = options.clock.every(DAY_MS, prune);
  }

  /** The caller has to hold the folder's lock. */
  static async open(folder: string, options: RejectedLogOptions): Promise<RejectedLog> {
    const name = nameIn(folder);
    await unlink(`${name}.new`).catch(() => undefined);
    const { whole } = await read(name, options.clock);
    const log = new RejectedLog(folder, options, await GrowingFile.open(name, whole));
    await log.prune();
    return log;
  }

  /** False when it cannot be written; what is rejected has to be kept elsewhere then. */
  keep(reason: string, what: { readonly entry: Entry } | { readonly line: string }): Promise<boolean> {
    return this.turns.run(async () => {
      try {
        await this.file.append(toLine({ at: new Date(this.options.clock.now()), reason, ...what }));
      } catch {
        return false;
      }
      if (this.file.length > this.mostBytes) await this.prune();
      return true;
    });
  }

  all(): Promise<readonly Rejection[]> {
    return this.turns.run(() => rejectionsIn(this.folder, this.options.clock));
  }

  /** Keeps these alone. */
  keepOnly(rejections: readonly Rejection[]): Promise<void> {
    return this.turns.run(() => this.exchange(rejections.map(toLine).join('')));
  }

  async close(): Promise<void> {
    this.stopPruning();
    await this.turns.settled();
    await this.file.close();
  }

  private get mostBytes(): number {
    return this.options.mostBytes ?? MOST_BYTES;
  }

  /** Drops rejections that are too old, and the oldest when there are too many. A failure is tried again in a day. */
  private async prune(): Promise<void> {
    const { clock, log } = this.options;
    try {
      const { rejections, isCurrent } = await read(nameIn(this.folder), clock);
      const young = rejections.filter(({ at }) => clock.now() - at.getTime() < KEPT_MS);
      const lines = young.map(toLine);
      const kept = this.file.length > this.mostBytes ? newest(lines, this.mostBytes * LEFT) : lines;
      if (isCurrent && kept.length === rejections.length) return;
      await this.exchange(kept.join(''));
      const old = rejections.length - young.length;
      if (old > 0) log.info({ entries: old }, 'rejected records of thirty days ago were let go');
      const tooMany = lines.length - kept.length;
      if (tooMany > 0)
        log.error({ entries: tooMany }, 'there were too many rejected records; the oldest were let go');
    } catch (error) {
      log.error({ err: error }, 'the file of rejected records could not be looked through');
    }
  }

  private async exchange(text: string): Promise<void> {
    const name = nameIn(this.folder);
    const next = await GrowingFile.open(`${name}.new`, 0);
    try {
      await next.append(text);
      await rename(`${name}.new`, name);
    } catch (error) {
      await next.close();
      await unlink(`${name}.new`).catch(() => undefined);
      throw error;
    }
    const former = this.file;
    this.file = next;
    await former.close();
    await syncFolder(this.folder);
  }
}

/** The last of the lines, as many as go into so many bytes. */
function newest(lines: readonly string[], bytes: number): readonly string[] {
  let from = lines.length;
  let room = bytes;
  for (; from > 0; from -= 1) {
    room -= Buffer.byteLength(lines[from - 1] ?? '');
    if (room < 0) break;
  }
  return lines.slice(from);
}

async function read(name: string, clock: Clock): Promise<Found> {
  const rejections: Rejection[] = [];
  let whole = 0;
  let isCurrent = true;
  // Without the file nothing was ever rejected.
  const file = await open(name, 'r').catch((error: unknown) => {
    // Not by class: the system's errors may come from another realm than this code.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
      return undefined;
    throw error;
  });
  if (file === undefined) return { rejections, whole, isCurrent };
  try {
    for await (const { text, end, isEnded } of linesOf(file)) {
      if (!isEnded) break;
      whole = end;
      const rejection = fromText(text);
      isCurrent &&= rejection.at !== undefined;
      // The thirty days of one without a date begin now.
      rejections.push({ ...rejection, at: rejection.at ?? new Date(clock.now()) });
    }
  } finally {
    await file.close();
  }
  return { rejections, whole, isCurrent };
}

type Dated<R> = R extends Rejection ? Omit<R, 'at'> & { readonly at: Date | undefined } : never;

/** A line that cannot be read is kept as it is. */
function fromText(text: string): Dated<Rejection> {
  const checked = fromLine(text);
  const parsed = lineSchema.safeParse(checked.kind === 'whole' ? checked.value : undefined);
  const { at, reason, line, entry: given } = parsed.data ?? {};
  const entry = toEntry(given);
  if (reason !== undefined && entry !== undefined) return { at, reason, entry };
  if (reason !== undefined && line !== undefined) return { at, reason, line };
  return { at: undefined, reason: 'this line of the rejected records was damaged', line: text };
}
