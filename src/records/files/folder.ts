import { mkdir, open } from 'node:fs/promises';

/** Only the owner of the process may read the records. */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
}

/** Makes file names that were added to or removed from a folder survive a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
