import { open, readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { fromLine, toLine } from '../files/checked-line';
import { FILE_MODE, syncFolder } from '../files/folder';
import { GrowingFile } from '../files/growing-file';
import { linesOf } from '../files/lines';
import { SerialQueue } from '../files/serial-queue';
import type { Entry } from '../store/outbox';
import { toEntry } from './entry-line';

const PIECE_ENTRIES = 500;
const PIECE_BYTES = 1 << 20;
const PIECE_NAME = /^spool-(\d{8})\.log$/;

/** The content of a piece of the spool; damaged lines are returned as they are. */
export interface Piece {
  readonly entries: readonly Entry[];
  readonly damaged: readonly string[];
}

interface PieceFile {
  readonly name: string;
  readonly number: number;
  count: number;
}

/**
 * Entries on disk in the order in which they came, in numbered files of limited size, so that applied entries can be
 * dropped piece by piece: after a crash no more than one piece is applied twice. What is asked of it is done in turns:
 * reading the oldest piece may close the file that an append writes to.
 */
export class Spool {
  private readonly turns = new SerialQueue();
  private newest: { readonly file: GrowingFile; readonly piece: PieceFile } | undefined;

  private constructor(
    private readonly folder: string,
    private readonly pieces: PieceFile[],
    private nextNumber: number,
  ) {}

  /** Finds the entries that a former process has left. */
  static async open(folder: string): Promise<Spool> {
    const names = (await readdir(folder)).filter((name) => PIECE_NAME.test(name)).sort();
    const pieces: PieceFile[] = [];
    for (const name of names) {
      const { entries, damaged } = await readPiece(path.join(folder, name));
      const number = Number(PIECE_NAME.exec(name)?.[1] ?? 0);
      pieces.push({ name: path.join(folder, name), number, count: entries.length + damaged.length });
    }
    return new Spool(folder, pieces, (pieces.at(-1)?.number ?? 0) + 1);
  }

  /** Entries on disk that were not dropped yet. */
  get size(): number {
    return this.pieces.reduce((sum, { count }) => sum + count, 0);
  }

  /** The numbers of its first and last file; they only grow. */
  get firstPiece(): number {
    return this.pieces[0]?.number ?? this.nextNumber;
  }

  get lastPiece(): number {
    return this.pieces.at(-1)?.number ?? this.nextNumber - 1;
  }

  get isEmpty(): boolean {
    return this.pieces.length === 0;
  }

  /** Resolves when they are on disk. Either all are there or none. */
  append(entries: readonly Entry[]): Promise<void> {
    return this.turns.run(async () => {
      const { file, piece } = await this.roomy();
      await file.append(entries.map(toLine).join(''));
      piece.count += entries.length;
    });
  }

  /** The oldest entries. The file they are in is closed to further ones. */
  oldest(): Promise<Piece> {
    return this.turns.run(async () => {
      const [first] = this.pieces;
      if (first === undefined) return { entries: [], damaged: [] };
      if (this.newest?.piece === first) await this.endNewest();
      return readPiece(first.name);
    });
  }

  /** Drops the piece that `oldest` has returned. */
  dropOldest(): Promise<void> {
    return this.turns.run(async () => {
      const [first] = this.pieces;
      if (first === undefined) return;
      await unlink(first.name);
      await syncFolder(this.folder);
      this.pieces.shift();
    });
  }

  close(): Promise<void> {
    return this.turns.run(() => this.endNewest());
  }

  private async roomy(): Promise<{ readonly file: GrowingFile; readonly piece: PieceFile }> {
    const { newest } = this;
    const isFull =
      newest !== undefined && (newest.piece.count >= PIECE_ENTRIES || newest.file.length >= PIECE_BYTES);
    if (newest !== undefined && !isFull) return newest;
    await this.endNewest();
    const number = this.nextNumber;
    const name = path.join(this.folder, `spool-${String(number).padStart(8, '0')}.log`);
    const file = await GrowingFile.open(name);
    const made = { file, piece: { name, number, count: 0 } };
    try {
      await syncFolder(this.folder);
    } catch (error) {
      await file.close();
      throw error;
    }
    this.nextNumber += 1;
    this.newest = made;
    this.pieces.push(made.piece);
    return made;
  }

  private async endNewest(): Promise<void> {
    const file = this.newest?.file;
    this.newest = undefined;
    await file?.close();
  }
}

/** A last line without an end was never acknowledged. */
async function readPiece(name: string): Promise<Piece> {
  const entries: Entry[] = [];
  const damaged: string[] = [];
  const file = await open(name, 'r', FILE_MODE);
  try {
    for await (const { text, isEnded } of linesOf(file)) {
      if (!isEnded) continue;
      const line = fromLine(text);
      const entry = line.kind === 'whole' ? toEntry(line.value) : undefined;
      if (entry === undefined) damaged.push(text);
      else entries.push(entry);
    }
  } finally {
    await file.close();
  }
  return { entries, damaged };
}
