import type { Logger } from 'pino';
import { respawnDelay } from '../domain/respawn';
import { MediaWorker, type MediaWorkerOptions } from './media-worker';

export interface WorkerSlotOptions {
  readonly worker: MediaWorkerOptions;
  readonly log: Logger;
  /** A worker that has run for so long (ms) runs well: what came before it counts no more. */
  readonly ranWellMs: number;
  /** A worker of this slot died, or could not be started. */
  readonly onDeath: () => void;
  readonly onChange: () => void;
}

/** From so many deaths in a row on, each before its worker ran well, the slot is failing. */
const FAILING_AFTER = 2;
/** A new worker of a failing slot takes lines only when it has lived for this long (ms). */
const TRIAL_MS = 1_000;

/**
 * The place of one media worker. A worker that dies is replaced at once (V2). When its successors die as well, they are
 * started less and less often, and take lines only after a trial, until one runs well. Each state is logged once.
 */
export class WorkerSlot {
  private worker: MediaWorker | undefined;
  /** On trial, or being started. */
  private candidate: MediaWorker | undefined;
  private deathsInARow = 0;
  private readonly timers = new Set<NodeJS.Timeout>();
  private isClosed = false;

  constructor(private readonly options: WorkerSlotOptions) {}

  /** The worker, while there is one that takes lines. */
  get alive(): MediaWorker | undefined {
    return this.worker;
  }

  get isFailing(): boolean {
    return this.deathsInARow >= FAILING_AFTER;
  }

  /** Rejects when the worker cannot be started; it is then not tried again. */
  async start(): Promise<void> {
    const worker = await MediaWorker.spawn(this.options.worker);
    if (this.isClosed) {
      worker.close();
      return;
    }
    this.candidate = worker;
    worker.onDied((error) => this.died(worker, error));
    if (this.isFailing) this.after(TRIAL_MS, () => this.admit(worker));
    else this.admit(worker);
    this.after(this.options.ranWellMs, () => this.ranWell(worker));
  }

  close(): void {
    this.isClosed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.worker?.close();
    this.candidate?.close();
    this.worker = this.candidate = undefined;
  }

  private admit(worker: MediaWorker): void {
    if (this.candidate !== worker) return;
    this.candidate = undefined;
    this.worker = worker;
    this.options.log.info({ index: worker.index, workerPid: worker.pid }, 'media worker started');
    this.options.onChange();
  }

  private ranWell(worker: MediaWorker): void {
    if (this.worker !== worker) return;
    if (this.isFailing) this.options.log.info({ index: worker.index }, 'media worker runs well again');
    this.deathsInARow = 0;
  }

  private died(worker: MediaWorker, error: unknown): void {
    if (this.isClosed) return;
    if (this.worker === worker) this.worker = undefined;
    if (this.candidate === worker) this.candidate = undefined;
    this.failed(error, { workerPid: worker.pid });
  }

  private failed(error: unknown, about: { readonly workerPid?: number }): void {
    const { log, worker, onDeath, onChange } = this.options;
    this.deathsInARow += 1;
    onDeath();
    const details = { index: worker.index, ...about, err: error };
    if (this.deathsInARow < FAILING_AFTER) log.error(details, 'media worker died; a new one replaces it');
    else if (this.deathsInARow === FAILING_AFTER)
      log.error(details, 'media worker dies again and again; it is started less and less often');
    else log.debug(details, 'media worker died again');
    onChange();
    this.after(respawnDelay(this.deathsInARow), () => this.restart());
  }

  private restart(): void {
    this.start().catch((error: unknown) => {
      if (!this.isClosed) this.failed(error, {});
    });
  }

  private after(ms: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      task();
    }, ms);
    this.timers.add(timer);
  }
}
