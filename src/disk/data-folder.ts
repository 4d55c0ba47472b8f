import { unlink, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { makeFolder } from './folders';

/** The folder cannot be used; the message tells the operator why and what to do. */
export class UnusableFolder extends Error {
  constructor(folder: string, cause: unknown) {
    super(`The folder ${folder} cannot be used: ${reasonOf(cause)}. ${REMEDY}`, { cause });
    this.name = 'UnusableFolder';
  }
}

/**
 * Makes the folder of what this node keeps, and writes and removes a file in it, so that a folder that cannot be used
 * is named at start and not by whichever part writes into it first. Throws `UnusableFolder`.
 */
export async function openDataFolder(folder: string): Promise<void> {
  const probe = path.join(folder, `probe.${randomUUID()}`);
  try {
    await makeFolder(folder);
    await writeFile(probe, 'x', { mode: 0o600 });
    await unlink(probe);
  } catch (error) {
    throw new UnusableFolder(folder, error);
  }
}

const REMEDY =
  'Give this account a folder that it may write to, or set DATA_DIR to one (in a container: the volume has to belong to its user).';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this account may not write to it',
  EPERM: 'this account may not write to it',
  EROFS: 'it is on a file system that is read-only',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'it is a file',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'it cannot be made there',
};

const reasonOf = (error: unknown): string => REASONS[codeOf(error)] ?? String(error);

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
