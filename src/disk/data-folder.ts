import { mkdir, stat, unlink, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';

/**
 * Makes the folder of what this node keeps, and writes and removes a file in it, so that a folder that cannot be used
 * is named at start and not by whichever part writes into it first. Throws an Error in words for the operator.
 */
export async function openDataFolder(folder: string): Promise<void> {
  const probe = path.join(folder, `probe.${randomUUID()}`);
  try {
    await makeFolder(folder);
    await writeFile(probe, 'x', { mode: 0o600 });
    await unlink(probe);
  } catch (error) {
    throw new Error(`The folder ${folder} cannot be used: ${reasonOf(error)}. ${REMEDY}`, { cause: error });
  }
}

/**
 * One folder after the other: Node's own recursive way never returns where a parent is there and nothing can be made in
 * it, as in `/proc`.
 */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  await makeFolder(path.dirname(folder));
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    // Another node may have made it meanwhile.
    if (codeOf(error) !== 'EEXIST' || !(await isFolder(folder))) throw error;
  }
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
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
