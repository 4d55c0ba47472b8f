import type { Logger } from 'pino';
import { DomainError } from '../domain/error';
import { MediaWorker, type MediaWorkerOptions } from './media-worker';

export interface WorkerPoolOptions extends Omit<MediaWorkerOptions, 'index' | 'listen'> {
  readonly size: number;
  /** The addresses of the worker with this index. */
  readonly listen: (index: number) => MediaWorkerOptions['listen'];
  readonly log: Logger;
}

/** A worker that cannot be started is tried again after this long, doubled each time up to the second figure. */
const RESPAWN_MS = { first: 100, most: 5_000 };

/**
 * The media workers of this node, one per core. A worker that dies is replaced by a new one with the same index
 * and port (V2). The lines that were on it report their loss themselves.
 */
export class WorkerPool {
  private readonly workers = new Map<number, MediaWorker>();
  private readonly respawns = new Map<number, NodeJS.Timeout>();
  private closed = false;
  deaths = 0;

  private constructor(private readonly options: WorkerPoolOptions) {}

  static async start(options: WorkerPoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    try {
      await Promise.all(Array.from({ length: options.size }, (_, index) => pool.spawn(index)));
    } catch (error) {
      pool.close();
      throw error;
    }
    return pool;
  }

  get size(): number {
    return this.options.size;
  }

  get alive(): readonly MediaWorker[] {
    return [...this.workers.values()];
  }

  /** The worker with the fewest lines. The caller counts its line on it at once, before it awaits anything. */
  place(): MediaWorker {
    const least = this.alive.reduce<MediaWorker | undefined>(
      (best, worker) => (best === undefined || worker.lines < best.lines ? worker : best),
      undefined,
    );
    if (least === undefined) throw new DomainError('media_unavailable', 'no media worker is running', 500);
    return least;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const timer of this.respawns.values()) clearTimeout(timer);
    for (const worker of this.workers.values()) worker.close();
    this.workers.clear();
  }

  private async spawn(index: number): Promise<void> {
    const worker = await MediaWorker.spawn({ ...this.options, index, listen: this.options.listen(index) });
    if (this.closed) {
      worker.close();
      return;
    }
    this.workers.set(index, worker);
    this.options.log.info({ index, workerPid: worker.pid }, 'media worker started');
    worker.onDied((error) => {
      this.deaths += 1;
      this.workers.delete(index);
      this.options.log.error(
        { index, workerPid: worker.pid, err: error },
        'media worker died; a new one replaces it',
      );
      if (!this.closed) this.respawn(index, 0);
    });
  }

  private respawn(index: number, delayMs: number): void {
    const timer = setTimeout(() => {
      this.respawns.delete(index);
      this.spawn(index).catch((error: unknown) => {
        this.options.log.error({ index, err: error }, 'media worker could not be started; trying again');
        if (!this.closed)
          this.respawn(index, Math.min(Math.max(delayMs * 2, RESPAWN_MS.first), RESPAWN_MS.most));
      });
    }, delayMs);
    this.respawns.set(index, timer);
  }
}
