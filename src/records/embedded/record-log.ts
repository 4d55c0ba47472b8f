import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { fromLine, toLine } from '../files/checked-line';
import { FILE_MODE, syncFolder } from '../files/folder';
import { GrowingFile } from '../files/growing-file';
import { linesOf } from '../files/lines';
import { SerialQueue } from '../files/serial-queue';
import type { Identified } from '../store/record-store';

/** A record as it is from now on, or null when it is gone. */
export interface Change {
  readonly id: string;
  readonly before: Identified | null;
  readonly after: Identified | null;
}

const VERSION = 1;
const COPY_BYTES = 1 << 20;
/** Larger than a block of a file system, so that a full disk rejects it. */
const PROBE = toLine({ probe: 'x'.repeat(8192) });

const lineSchema = z.union([
  z.strictObject({ put: z.looseObject({ _id: z.string() }) }),
  z.strictObject({ delete: z.string() }),
  z.strictObject({ probe: z.string() }),
  z.strictObject({ log: z.string(), version: z.literal(VERSION) }),
]);

/** A log that cannot be read as it is. Opening the store fails with it, so that no data is lost unnoticed. */
export class DamagedLog extends Error {
  constructor(file: string, line: number, at: number) {
    super(
      `The file ${file} is damaged in line ${line} (byte ${at}), and records after it would be lost or wrong. ` +
        'Nothing was changed. Put back a backup of the folder it lies in; or, if you have none, keep a copy of the ' +
        'file and take out that line: the change it held is lost, the others remain.',
    );
    this.name = 'DamagedLog';
  }
}

interface Waiting {
  readonly changes: readonly Change[];
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface LogOptions {
  readonly folder: string;
  readonly collection: string;
}

/**
 * The changes of one collection, one line per record, in a file that only grows until it is rewritten. A change is
 * acknowledged after `fdatasync`; changes that arrive during one share the next.
 *
 * When a write fails (disk full, input/output error) the file is cut back to its last good length, and all changes
 * that were not acknowledged are passed to `undo` before their writers get the error, so that memory is not ahead of
 * the file. The next write tries again.
 */
export class RecordLog {
  private waiting: Waiting[] = [];
  /** Everything that uses the file takes turns: writes, probes, the exchange of the file. */
  private readonly turns = new SerialQueue();
  private isFlushDue = false;
  private isUndoing = false;
  private works = true;
  private failures = 0;
  private undo: (changes: readonly Change[]) => Promise<void> = () => Promise.resolve();

  private constructor(
    private file: GrowingFile,
    private readonly options: LogOptions,
  ) {}

  /**
   * Opens a collection's log and calls `load` with each change, in order. A last line that was being written when its
   * process died was never acknowledged and is cut off. Throws `DamagedLog`.
   */
  static async open(
    options: LogOptions,
    load: (id: string, record: Identified | null) => void,
  ): Promise<RecordLog> {
    const name = fileOf(options);
    await unlink(`${name}.new`).catch(() => undefined);
    const whole = await read(name, load);
    const file = await GrowingFile.open(name, whole);
    const log = new RecordLog(file, options);
    if (whole === 0) {
      await file.append(log.header());
      await syncFolder(options.folder);
    }
    return log;
  }

  /** Sets the function that takes back changes that were not written; it gets the newest first. */
  undoWith(undo: (changes: readonly Change[]) => Promise<void>): void {
    this.undo = undo;
  }

  /** Bytes of the file that hold acknowledged changes. */
  get bytes(): number {
    return this.file.length;
  }

  /** False from a failed write until one that succeeds. */
  get isWorking(): boolean {
    return this.works;
  }

  /** False while changes are being taken back: memory is not reliable then. */
  get isSettled(): boolean {
    return !this.isUndoing;
  }

  /** Resolves once these changes, and all before them, are on disk. Do not call it while changes are taken back. */
  append(changes: readonly Change[]): Promise<void> {
    if (this.isUndoing) return Promise.reject(new Error('an earlier write failed'));
    const text = changes
      .map(({ id, after }) => toLine(after === null ? { delete: id } : { put: after }))
      .join('');
    return new Promise((resolve, reject) => {
      this.waiting.push({ changes, text, resolve, reject });
      if (this.isFlushDue) return;
      this.isFlushDue = true;
      void this.turns.run(() => this.flush());
    });
  }

  /** After a failure: checks whether writing works again, and leaves no trace. */
  probe(): Promise<void> {
    return this.turns.run(async () => {
      if (!this.works) await this.tryOut();
    });
  }

  /**
   * Rewrites the log from these records, which have to be the present ones in memory. Writers go on meanwhile; they wait
   * only while the last of what they wrote is copied and the files are exchanged.
   */
  async rewrite(records: readonly Identified[]): Promise<void> {
    const name = fileOf(this.options);
    const failures = this.failures;
    const from = this.file.length;
    const target = await open(`${name}.new`, 'ax+', FILE_MODE);
    try {
      await target.appendFile(this.header());
      await writeRecords(target, records);
      const copied = await this.copyTail(target, from, 64 << 10);
      await target.datasync();
      await this.turns.run(async () => {
        // The records may include changes that were not acknowledged; after a failure these must not stay.
        if (failures !== this.failures) throw new Error('a write failed meanwhile');
        await this.takeOver(target, copied);
      });
    } catch (error) {
      if (this.file.handle !== target) {
        await target.close();
        await unlink(`${name}.new`).catch(() => undefined);
      }
      throw error;
    }
  }

  /** Resolves when every change so far is on disk or was taken back. */
  async settled(): Promise<void> {
    await this.turns.settled();
  }

  async close(): Promise<void> {
    await this.settled();
    await this.file.close();
  }

  private header(): string {
    return toLine({ log: this.options.collection, version: VERSION });
  }

  private async flush(): Promise<void> {
    // One turn of the event loop, so that changes made together are written together.
    await new Promise((resolve) => setImmediate(resolve));
    const batch = this.waiting;
    this.waiting = [];
    this.isFlushDue = false;
    try {
      const text = batch.map((one) => one.text).join('');
      if (text !== '') {
        await this.file.append(text);
        this.works = true;
      }
      for (const { resolve } of batch) resolve();
    } catch (error) {
      await this.fail(batch, error);
    }
  }

  /** Later changes build on earlier ones, so those that still wait fail with them. */
  private async fail(batch: readonly Waiting[], error: unknown): Promise<void> {
    this.works = false;
    this.failures += 1;
    this.isUndoing = true;
    const lost = [...batch, ...this.waiting];
    this.waiting = [];
    try {
      await this.undo(lost.flatMap(({ changes }) => changes).reverse());
    } finally {
      this.isUndoing = false;
      for (const { reject } of lost) reject(error);
    }
  }

  private async tryOut(): Promise<void> {
    try {
      await this.file.tryOut(PROBE);
      this.works = true;
    } catch {
      // Still down; the next probe or write will tell.
    }
  }

  private async takeOver(target: FileHandle, copied: number): Promise<void> {
    const name = fileOf(this.options);
    await this.copyTail(target, copied, 0);
    await target.datasync();
    const { size } = await target.stat();
    await rename(`${name}.new`, name);
    const old = this.file;
    this.file = new GrowingFile(target, size);
    await syncFolder(this.options.folder);
    await old.close();
  }

  /** Copies the bytes behind `from` until no more than `enough` are left; returns the position it has reached. */
  private async copyTail(target: FileHandle, from: number, enough: number): Promise<number> {
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    let at = from;
    while (this.file.length - at > enough) {
      const most = Math.min(COPY_BYTES, this.file.length - at);
      const { bytesRead } = await this.file.handle.read(buffer, 0, most, at);
      if (bytesRead === 0) throw new Error('the log is shorter than it was');
      await target.appendFile(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    return at;
  }
}

const fileOf = ({ folder, collection }: LogOptions): string => path.join(folder, `${collection}.log`);

/** Reads a log and returns how many bytes of it are whole. */
async function read(name: string, load: (id: string, record: Identified | null) => void): Promise<number> {
  const file = await open(name, 'a+', FILE_MODE);
  let length = 0;
  try {
    for await (const { text, number, start, end, isEnded } of linesOf(file)) {
      if (!isEnded) break;
      const line = fromLine(text);
      const parsed = lineSchema.safeParse(line.kind === 'whole' ? line.value : undefined);
      if (!parsed.success) throw new DamagedLog(name, number, start);
      if ('put' in parsed.data) load(parsed.data.put._id, parsed.data.put);
      if ('delete' in parsed.data) load(parsed.data.delete, null);
      length = end;
    }
  } finally {
    await file.close();
  }
  return length;
}

const RECORDS_A_SLICE = 200;

/** In slices, between which other tasks get their turn. */
async function writeRecords(target: FileHandle, records: readonly Identified[]): Promise<void> {
  for (let at = 0; at < records.length; at += RECORDS_A_SLICE) {
    const slice = records.slice(at, at + RECORDS_A_SLICE);
    await target.appendFile(slice.map((record) => toLine({ put: record })).join(''));
  }
}
