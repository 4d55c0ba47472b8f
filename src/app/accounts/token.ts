import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes, for cookies and e-mails. The holder of the token gets access. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is kept of a token. The token is too random to be guessed, so a plain hash is enough. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('base64url');
