import { randomUUID } from 'node:crypto';
import { link, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../app/ports/clock';
import { makeFolder } from '../../disk/folders';
import { FILE_MODE } from './folder';

/** How often the holder of a lock renews it. */
const BEAT_MS = 5_000;
/** After this time without renewal a holder on another machine, whose process cannot be checked, counts as gone. */
const SILENCE_MS = 20_000;

const holderSchema = z.object({ pid: z.number().int(), host: z.string(), begun: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** The folder belongs to another process, or to another part of this one. */
export class FolderInUse extends Error {
  constructor(folder: string, { pid, host }: Holder) {
    const where = host === hostname() ? '' : ` on ${host}`;
    super(
      `The folder ${folder} is in use by process ${pid}${where}. ` +
        'Only one process at a time may work in it: stop that one first, or give this one another folder.',
    );
    this.name = 'FolderInUse';
  }
}

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;

/**
 * When a process began, in a form that only serves comparison. A container's first process always has the same
 * number, so the number alone does not distinguish a process from an earlier one. Empty where the system has no /proc.
 */
async function begunAt(pid: number): Promise<string> {
  try {
    const words = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is a program's name in brackets, which may hold spaces; the 22nd is the time.
    const fields = words.slice(words.lastIndexOf(')') + 2).split(' ');
    // A killed process is listed until its parent reads its exit status, but it holds nothing.
    return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

/** Keeps a folder for one process. The lock of a process that has died is taken over. */
export class FolderLock {
  private constructor(
    private readonly file: string,
    private readonly stopBeating: () => void,
  ) {}

  /** Throws `FolderInUse`. */
  static async take(folder: string, clock: Clock): Promise<FolderLock> {
    await makeFolder(folder);
    const file = path.join(folder, 'lock');
    const own = `${file}.${process.pid}.${randomUUID()}`;
    const holder: Holder = { pid: process.pid, host: hostname(), begun: await begunAt(process.pid) };
    await writeFile(own, JSON.stringify(holder), { mode: FILE_MODE });
    try {
      // A link appears with its content, and fails where there is one already.
      await link(own, file).catch(async (error: unknown) => {
        if (!isCode(error, 'EEXIST')) throw error;
        await clearStale(folder, file);
        await link(own, file).catch(async () => {
          throw new FolderInUse(folder, (await holderOf(file)) ?? holder);
        });
      });
    } finally {
      await unlink(own);
    }
    return new FolderLock(file, clock.every(BEAT_MS, beatOf(file)));
  }

  async release(): Promise<void> {
    this.stopBeating();
    await unlink(this.file).catch(() => undefined);
  }
}

/** One renewal at a time: on a disk that hangs, each one holds a thread of the process. */
function beatOf(file: string): () => void {
  let isUnderWay = false;
  return () => {
    if (isUnderWay) return;
    isUnderWay = true;
    utimes(file, new Date(), new Date())
      .catch(() => undefined)
      .finally(() => (isUnderWay = false));
  };
}

async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

async function isHeld(file: string, holder: Holder): Promise<boolean> {
  const { mtimeMs } = await stat(file);
  if (holder.host !== hostname()) return Date.now() - mtimeMs < SILENCE_MS;
  if (!isAlive(holder.pid)) return false;
  const begun = await begunAt(holder.pid);
  if (begun !== '' || holder.pid !== process.pid) return begun === holder.begun;
  // Without /proc: a lock with this very number is this process's own if it is younger than the process.
  return mtimeMs >= Date.now() - process.uptime() * 1000;
}

/** Takes a dead process's lock out of the way. Throws `FolderInUse` when its holder is there. */
async function clearStale(folder: string, file: string): Promise<void> {
  const holder = await holderOf(file);
  if (holder !== undefined && (await isHeld(file, holder))) throw new FolderInUse(folder, holder);
  const aside = `${file}.stale.${randomUUID()}`;
  await rename(file, aside).catch((error: unknown) => {
    if (!isCode(error, 'ENOENT')) throw error;
  });
  const moved = await holderOf(aside);
  // Two processes may find the same stale lock; the slower one must not take away what the faster one has put there.
  const isOther = moved !== undefined && (moved.pid !== holder?.pid || moved.begun !== holder.begun);
  if (isOther) await link(aside, file).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
  if (isOther) throw new FolderInUse(folder, moved);
}
