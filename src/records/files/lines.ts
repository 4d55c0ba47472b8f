import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1 << 20;
const LINE_END = 0x0a;

export interface LineOfFile {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Where the line begins, and where what follows its end begins, in bytes from the start of the file. */
  readonly start: number;
  readonly end: number;
  /** False for a last line without an end: it was being written when its writer died. */
  readonly isEnded: boolean;
}

/** The lines of a file from its start, read in pieces, so that a file need not fit into memory. */
export async function* linesOf(file: FileHandle): AsyncGenerator<LineOfFile> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let parts: Buffer[] = [];
  let [number, start, position] = [1, 0, 0];
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) break;
    let from = 0;
    for (let at = chunk.indexOf(LINE_END); at >= 0 && at < bytesRead; at = chunk.indexOf(LINE_END, from)) {
      parts.push(chunk.subarray(from, at));
      const end = position + at + 1;
      yield { text: Buffer.concat(parts).toString('utf8'), number, start, end, isEnded: true };
      parts = [];
      number += 1;
      start = end;
      from = at + 1;
    }
    // Copied, since the next read writes over the chunk.
    if (from < bytesRead) parts.push(Buffer.from(chunk.subarray(from, bytesRead)));
    position += bytesRead;
  }
  if (position > start) {
    yield { text: Buffer.concat(parts).toString('utf8'), number, start, end: position, isEnded: false };
  }
}
