import { readFileSync } from 'node:fs';

/** What one tick of /proc/<pid>/stat is: 10 ms on every Linux that Node runs on. */
const TICK_US = 10_000;

/** CPU that a process has used so far, user and system, all threads (µs). */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold blanks; the fields after it do not.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

export interface Memory {
  /** Resident now, and at most so far (MB of 1,000,000 bytes). */
  readonly resident: number;
  readonly most: number;
}

export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number =>
    (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? NaN) * 1024) / 1e6;
  return { resident: megabytes('VmRSS'), most: megabytes('VmHWM') };
}
