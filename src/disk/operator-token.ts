import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';

/**
 * The operator token of a node without a configured one: made once, kept in a file that only its owner can read. The log
 * names the file, never the token.
 */
export async function operatorToken(folder: string, log: Logger): Promise<string> {
  const file = path.join(folder, 'operator-token');
  try {
    const kept = (await readFile(file, 'utf8')).trim();
    if (/^[\x21-\x7e]+$/.test(kept)) return kept;
    if (kept !== '') {
      throw new Error(
        `${file} holds no token that a header can carry. Write letters and figures into it, or remove it: a new one is made.`,
      );
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const token = randomBytes(24).toString('base64url');
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  log.info({ file }, 'an operator token was made; operators find it in this file');
  return token;
}
