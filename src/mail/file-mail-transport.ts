import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { MailError, type MailTransport, type MailMessage } from './mail-transport';

/** Mails hold addresses and links into accounts, so they are kept only as long as their readers need: a day. */
const KEPT_MS = 24 * 3_600_000;
/** The names of our own files; any other file in the folder is not ours. */
const OUR_NAME = /^\d{4}-\d\d-\d\dT[\d-]+Z-[0-9a-f]{6}\.txt$/;

/**
 * Mails as files in a folder, for a machine without a mail server: the operator reads them there. They are kept for 24
 * hours: older ones are deleted when the queue starts, after every mail and every hour. The log names the file, never
 * the address.
 */
export class FileMailTransport implements MailTransport {
  constructor(
    private readonly folder: string,
    private readonly log: Pick<Logger, 'info'>,
  ) {}

  async send({ to, subject, text }: MailMessage): Promise<void> {
    const name = `${new Date().toISOString().replace(/[:.]/g, '-')}-${randomBytes(3).toString('hex')}.txt`;
    const file = path.join(this.folder, name);
    const addressee = to.name === '' ? to.address : `${to.name} <${to.address}>`;
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(file, `To: ${addressee}\nSubject: ${subject}\n\n${text}`, {
        mode: 0o600,
        flag: 'wx',
      });
    } catch (error) {
      throw new MailError(codeOf(error), true);
    }
    this.log.info({ file }, 'a mail was written to a file, since no mail server is set up');
  }

  async tidy(): Promise<void> {
    const names = await readdir(this.folder).catch(whenThere([]));
    const before = Date.now() - KEPT_MS;
    for (const name of names.filter((name) => OUR_NAME.test(name))) {
      const file = path.join(this.folder, name);
      const { mtimeMs } = await stat(file).catch(whenThere({ mtimeMs: Infinity }));
      if (mtimeMs < before) await rm(file, { force: true });
    }
  }

  close(): void {
    // Nothing is held open.
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';

/** A file or folder that does not exist (any more) needs no tidying. */
const whenThere =
  <T>(otherwise: T) =>
  (error: unknown): T => {
    if (codeOf(error) === 'ENOENT') return otherwise;
    throw error;
  };
