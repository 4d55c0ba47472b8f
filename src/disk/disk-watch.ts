import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../app/ports/clock';

const BEAT_MS = 500;
/** The disk is tried at every so many beats. */
const TRY_BEATS = 2;
/**
 * A disk that has not finished a small write after so many beats hangs. Counted in beats, so that a late event loop here
 * is not taken for it.
 */
const SILENT_BEATS = 3;
/** How long a stop waits for a try that is under way. */
const CLOSE_MS = 500;

export interface DiskWatchOptions {
  /** Resolves when the disk has taken a small write. */
  readonly tryOut: () => Promise<void>;
  readonly clock: Clock;
  readonly log: {
    error(details: object, message: string): void;
    info(message: string): void;
  };
}

/** Writes one byte into a file of its own, over the one that is there, and waits until it is on the disk. */
export const writesIn = (folder: string) => async (): Promise<void> => {
  const file = await open(path.join(folder, 'disk-check'), constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    await file.write('.', 0);
    await file.datasync();
  } finally {
    await file.close();
  }
};

/**
 * Notices a disk that hangs, such as a network file system whose server is away: writes neither succeed nor fail. There is
 * one try at a time, because each one that hangs holds a thread of the process.
 */
export class DiskWatch {
  private underWay: Promise<void> | undefined;
  private beatsUnderWay = 0;
  private beats = 0;
  private down = false;
  private readonly stop: () => void;

  constructor(private readonly options: DiskWatchOptions) {
    this.stop = options.clock.every(BEAT_MS, () => this.beat());
  }

  /** Whether the last try failed, or does not end. */
  get isDown(): boolean {
    return this.down;
  }

  async close(): Promise<void> {
    this.stop();
    const late = new Promise<void>((resolve) => this.options.clock.after(CLOSE_MS, resolve));
    if (this.underWay !== undefined) await Promise.race([this.underWay, late]);
  }

  private beat(): void {
    this.beats += 1;
    if (this.underWay === undefined) {
      if (this.beats % TRY_BEATS === 0) this.try();
      return;
    }
    this.beatsUnderWay += 1;
    if (this.beatsUnderWay === SILENT_BEATS) this.now(new Error('a small write does not end'));
  }

  private try(): void {
    this.beatsUnderWay = 0;
    this.underWay = this.options
      .tryOut()
      .then(
        () => this.now(undefined),
        (error: unknown) => this.now(error),
      )
      .finally(() => (this.underWay = undefined));
  }

  private now(failure: unknown): void {
    const { log } = this.options;
    const isDown = failure !== undefined;
    if (isDown === this.down) return;
    this.down = isDown;
    if (isDown) log.error({ err: failure }, 'the disk with DATA_DIR takes no writes, or hangs');
    else log.info('the disk with DATA_DIR takes writes again');
  }
}
