import { open, type FileHandle } from 'node:fs/promises';
import { FILE_MODE } from './folder';

/**
 * A file that is only appended to, on disk when `append` resolves. When an append fails (disk full, input/output
 * error) the file is cut back to what it was, at the latest before the next append, so that half a line never stands
 * in the middle. Appends must not overlap.
 */
export class GrowingFile {
  private isLengthUncertain = false;

  constructor(
    readonly handle: FileHandle,
    private bytes: number,
  ) {}

  /** Opens or makes a file and goes on behind its first `length` bytes; the rest is cut off. */
  static async open(name: string, length?: number): Promise<GrowingFile> {
    const handle = await open(name, 'a+', FILE_MODE);
    const { size } = await handle.stat();
    if (length !== undefined && length < size) await handle.truncate(length);
    return new GrowingFile(handle, Math.min(size, length ?? size));
  }

  get length(): number {
    return this.bytes;
  }

  async append(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    if (this.isLengthUncertain) await this.cutBack();
    try {
      await this.handle.appendFile(bytes);
      await this.handle.datasync();
      this.bytes += bytes.length;
    } catch (error) {
      this.isLengthUncertain = true;
      await this.cutBack().catch(() => undefined);
      throw error;
    }
  }

  /** Appends and takes it away again: whether that works shows whether appending would. */
  async tryOut(text: string): Promise<void> {
    await this.append(text);
    this.bytes -= Buffer.byteLength(text);
    this.isLengthUncertain = true;
    await this.cutBack();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async cutBack(): Promise<void> {
    await this.handle.truncate(this.bytes);
    this.isLengthUncertain = false;
  }
}
