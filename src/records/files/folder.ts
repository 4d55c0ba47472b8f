import { open } from 'node:fs/promises';

/** Only the owner of the process may read the records. */
export const FILE_MODE = 0o600;

/** Makes file names that were added to or removed from a folder survive a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
