import { write } from 'node:fs';

/** Writes to a file descriptor, as `fs.write` does. */
export type WriteBytes = (
  bytes: Buffer,
  done: (error: NodeJS.ErrnoException | null, written: number) => void,
) => void;

/** How many bytes of lines may wait for whoever reads them. Later lines are dropped until some were read. */
const WAITING_BYTES = 4 * 1024 * 1024;
/** How long the end of the process waits for the last lines to be read. */
const LAST_LINES_MS = 500;
const RETRY_MS = 50;

/**
 * Writes lines of the log in the background, so that nobody who reads them can stop the process. A reader that reads no
 * more makes lines wait, and then drop. A reader that is gone, or a full disk, makes them drop at once; there is nowhere
 * left to say it. Once lines can be written again, a line says how many were dropped.
 */
export class LineWriter {
  private readonly waiting: string[] = [];
  private waitingBytes = 0;
  private dropped = 0;
  private isWriting = false;
  private readonly waiters: (() => void)[] = [];

  constructor(
    private readonly writeBytes: WriteBytes = (bytes, done) => write(1, bytes, done),
    private readonly limitBytes = WAITING_BYTES,
  ) {}

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.waitingBytes + bytes > this.limitBytes) {
      this.dropped += 1;
      return;
    }
    this.waiting.push(line);
    this.waitingBytes += bytes;
    this.writeNext();
  }

  /** Resolves when all lines are written, or when they will not be within a moment. */
  flushed(): Promise<void> {
    if (!this.isWriting) return Promise.resolve();
    return new Promise((resolve) => {
      setTimeout(resolve, LAST_LINES_MS);
      this.waiters.push(resolve);
    });
  }

  private writeNext(): void {
    if (this.isWriting) return;
    const lines = this.waiting.splice(0);
    if (lines.length === 0) {
      for (const resolve of this.waiters.splice(0)) resolve();
      return;
    }
    this.isWriting = true;
    this.writeAll(Buffer.from(lines.join('')), lines.length);
  }

  private writeAll(bytes: Buffer, lines: number): void {
    this.writeBytes(bytes, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(() => this.writeAll(bytes, lines), RETRY_MS);
        return;
      }
      if (error === null && written < bytes.length) {
        this.waitingBytes -= written;
        this.writeAll(bytes.subarray(written), lines);
        return;
      }
      this.waitingBytes -= bytes.length;
      this.isWriting = false;
      if (error !== null) this.dropped += lines;
      else if (this.waiting.length === 0) this.sayWhatWasDropped();
      this.writeNext();
    });
  }

  /** Once there is room again. */
  private sayWhatWasDropped(): void {
    const { dropped } = this;
    if (dropped === 0) return;
    this.dropped = 0;
    const line = { level: 40, time: Date.now(), dropped, msg: 'lines of this log were dropped' };
    this.write(`${JSON.stringify(line)}\n`);
  }
}
