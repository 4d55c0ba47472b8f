import { mkdir, open } from 'node:fs/promises';

/** Records are nobody's business but their owner's. */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
}

/** Makes names that were added to or taken from a folder outlast a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
