import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ApiInput, ApiReply } from '../../src/protocol';
import type { ApiBrowser } from './api-browser';

/** Finds mails to an address. */
export interface Mails {
  /** The texts of all mails to an address so far, oldest first. */
  to(address: string): Promise<string[]>;
}

/** The mails that a node without a mail server writes into its data folder. */
export const mailsIn = (dataDir: string): Mails => ({
  to: async (address) => {
    const folder = path.join(dataDir, 'mail');
    const names = (await readdir(folder).catch(() => [])).sort();
    const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
    const heads = [`To: ${address}`, `<${address}>`];
    return texts.filter((text) => heads.some((head) => text.split('\n', 1)[0]?.endsWith(head)));
  },
});

const TRIES = 400;

/** The token of the newest link of this kind to an address. Waits for it, since mails are sent in the background. */
export async function tokenTo(mails: Mails, address: string, page: 'confirm' | 'reset'): Promise<string> {
  for (let tries = 0; tries < TRIES; tries++) {
    const tokens = (await mails.to(address)).flatMap(
      (text) => new RegExp(`/account/${page}#token=(\\S+)`).exec(text)?.[1] ?? [],
    );
    const newest = tokens.at(-1);
    if (newest !== undefined) return newest;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no link for ${page} came`);
}

/** Registers, reads the e-mail and confirms the account; the browser is logged in. */
export async function signUp(
  browser: ApiBrowser,
  mails: Mails,
  body: ApiInput<'register'>,
): Promise<ApiReply<'confirmAccount'>> {
  await browser.ask('register', { body });
  const token = await tokenTo(mails, body.email, 'confirm');
  return browser.ask('confirmAccount', { body: { token, password: body.password } });
}
