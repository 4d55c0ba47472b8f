import type { Logger } from 'pino';
import { DomainError } from '../domain/error';
import type { MediaWorker, MediaWorkerOptions } from './media-worker';
import { WorkerSlot } from './worker-slot';

export interface WorkerPoolOptions extends Omit<MediaWorkerOptions, 'index' | 'listen'> {
  readonly size: number;
  /** The addresses of the worker with this index. */
  readonly listen: (index: number) => MediaWorkerOptions['listen'];
  /** How long a worker has to run until what came before it counts no more (ms). */
  readonly ranWellMs?: number;
  readonly log: Logger;
}

const RAN_WELL_MS = 60_000;

/**
 * The media workers of this node, one per core. A worker that dies is replaced by a new one with the same index
 * and port (V2). The lines that were on it report their loss themselves.
 */
export class WorkerPool {
  private readonly slots: readonly WorkerSlot[];
  private hasNone = false;
  private closed = false;
  /** Workers that died, or could not be started again. */
  deaths = 0;

  private constructor(private readonly options: WorkerPoolOptions) {
    this.slots = Array.from({ length: options.size }, (_, index) => this.slot(index));
  }

  static async start(options: WorkerPoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    try {
      await Promise.all(pool.slots.map((slot) => slot.start()));
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
    return this.slots.flatMap(({ alive }) => (alive === undefined ? [] : [alive]));
  }

  /** How many workers die again and again, or did so lately. */
  get failing(): number {
    return this.slots.filter(({ isFailing }) => isFailing).length;
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
    for (const slot of this.slots) slot.close();
  }

  private slot(index: number): WorkerSlot {
    const { ranWellMs = RAN_WELL_MS, log, listen, workerBin, logLevel } = this.options;
    const bin = workerBin === undefined ? {} : { workerBin };
    return new WorkerSlot({
      worker: { index, listen: listen(index), logLevel, ...bin },
      ...{ log, ranWellMs },
      onDeath: () => (this.deaths += 1),
      onChange: () => this.changed(),
    });
  }

  /** Without any worker no call has sound or picture here, so operators have to know. It is said once. */
  private changed(): void {
    if (this.closed) return;
    const hasNone = this.alive.length === 0;
    // A worker that is replaced at once is no such case.
    if (hasNone && !this.hasNone && this.failing === this.size) {
      this.hasNone = true;
      this.options.log.error('no media worker is alive: this node takes no lines until one is');
    } else if (!hasNone && this.hasNone) {
      this.hasNone = false;
      this.options.log.info('a media worker is alive again: this node takes lines');
    }
  }
}
