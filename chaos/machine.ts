import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const RESOLUTION_MS = 10;
const WRITE_EVERY_MS = 250;

/** How late the machine itself was, as measured in the auditor (ms). */
export interface MachineFigures {
  /** The auditor's own event loop, in 99 of 100 looks. */
  readonly lateP99: number;
  readonly lateMax: number;
  /** The longest that a few bytes took until they were on the disk. */
  readonly diskMax: number;
}

/**
 * Measures how late the machine is while a run goes on: on a busy one everything that is measured is late, whatever the
 * nodes do.
 */
export class MachineMonitor {
  private readonly delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private readonly ending = new AbortController();
  private writing: Promise<number> = Promise.resolve(0);

  start(): void {
    this.delay.enable();
    this.writing = this.write();
  }

  async stop(): Promise<MachineFigures> {
    this.delay.disable();
    this.ending.abort();
    // The histogram holds the whole interval between two looks.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    return {
      lateP99: late(this.delay.percentile(99)),
      lateMax: late(this.delay.max),
      diskMax: await this.writing,
    };
  }

  /** Writes to the disk now and then until the monitor is stopped; resolves with the longest write (ms). */
  private async write(): Promise<number> {
    const { signal } = this.ending;
    const folder = await mkdtemp(path.join(tmpdir(), 'passerby-disk-'));
    const file = await open(path.join(folder, 'written'), 'a');
    let longest = 0;
    while (!signal.aborted) {
      const begun = performance.now();
      await file.write('.');
      await file.datasync();
      longest = Math.max(longest, performance.now() - begun);
      await sleep(WRITE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    await file.close();
    await rm(folder, { recursive: true, force: true });
    return longest;
  }
}
