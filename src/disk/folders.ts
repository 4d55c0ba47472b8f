import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Only the owner of the process may read what is kept. */
const FOLDER_MODE = 0o700;

/**
 * Makes a folder and those above it, one after the other: Node's own recursive way never returns where a parent is
 * there and nothing can be made in it, as in `/proc`. Rejects with the system's error.
 */
export async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  await makeFolder(path.dirname(folder));
  try {
    await mkdir(folder, { mode: FOLDER_MODE });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!(hasCode(error, 'EEXIST') && (await isFolder(folder)))) throw error;
  }
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
