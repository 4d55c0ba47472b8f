import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';

const BYTES = 32;

/**
 * The secret of an installation, 32 bytes, from which all others are derived: the configured one, or one that is made at
 * the first start and kept in `folder/secret`, readable by its owner alone. Throws when that file holds anything else: a
 * new secret in its place would make every hash of an address and every cookie worthless.
 */
export async function openSecret(folder: string, given?: string): Promise<Buffer> {
  if (given !== undefined) return createHash('sha256').update(given).digest();
  const file = path.join(folder, 'secret');
  return (await kept(file)) ?? (await make(folder, file));
}

async function kept(file: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const secret = Buffer.from(text.trim(), 'base64url');
  if (secret.length !== BYTES) throw new Error(`${file} does not hold a secret of ${BYTES} bytes`);
  return secret;
}

/** Written under another name first, so that neither a crash nor a second process leaves an incomplete file. */
async function make(folder: string, file: string): Promise<Buffer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(BYTES).toString('base64url')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    // Another process was first: its secret is used.
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  const secret = await kept(file);
  if (secret === undefined) throw new Error(`${file} was taken away while it was made`);
  return secret;
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
