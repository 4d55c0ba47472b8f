import { cpus, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long the machine is looked at. */
const LOOK_MS = 2_000;
/** What a loop that is never late shows: the resolution of its timer. */
const RESOLUTION_MS = 1;

/** How busy the machine is while the bench itself does nothing. */
export interface Business {
  readonly loadAverage: number;
  /** CPU of all cores that was used meanwhile (%), by whomever. */
  readonly cpu: number;
  /** How late a timer of an idle event loop was (ms): 99 of 100 looks. */
  readonly lateness: number;
}

function cpuTimes(): { readonly busy: number; readonly all: number } {
  const times = cpus().map(({ times: { user, nice, sys, irq, idle } }) => ({
    busy: user + nice + sys + irq,
    all: user + nice + sys + irq + idle,
  }));
  const sum = (of: (one: { busy: number; all: number }) => number): number =>
    times.reduce((total, one) => total + of(one), 0);
  return { busy: sum(({ busy }) => busy), all: sum(({ all }) => all) };
}

async function look(): Promise<Business> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const before = cpuTimes();
  delay.enable();
  await sleep(LOOK_MS);
  delay.disable();
  const after = cpuTimes();
  return {
    loadAverage: loadavg()[0] ?? NaN,
    cpu: ((after.busy - before.busy) / (after.all - before.all)) * 100,
    lateness: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS),
  };
}

/** One line on the machine at this moment. Takes two seconds in which the caller has to be idle. */
export async function machineText(when: string): Promise<string> {
  const { loadAverage, cpu, lateness } = await look();
  return `machine ${when}: load average ${loadAverage.toFixed(1)} on ${cpus().length} cores, ${cpu.toFixed(0)} % of their time used, an idle event loop late by ${lateness.toFixed(1)} ms (p99)`;
}
