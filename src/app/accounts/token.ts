import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes, for cookies and letters: whoever holds it is let in. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is kept of a token. It has too much chance in it to be guessed, so that a plain hash is enough. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('base64url');
