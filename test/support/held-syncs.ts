import { open, type FileHandle } from 'node:fs/promises';

/** Lets the writes that were held back reach the disk. Idempotent. */
export type Release = () => void;

/** From now on no file of this process reaches the disk (`fdatasync`), as on a disk that is very slow. */
export async function holdSyncs(): Promise<Release> {
  const any = await open(__filename, 'r');
  await any.close();
  // All file handles of the process share it.
  const prototype = Object.getPrototypeOf(any) as FileHandle;
  const sync = Reflect.get(prototype, 'datasync');
  let release: Release = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  prototype.datasync = async function (this: FileHandle): Promise<void> {
    await released;
    await sync.call(this);
  };
  return () => {
    prototype.datasync = sync;
    release();
  };
}
