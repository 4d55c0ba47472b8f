import path from 'node:path';
import { z } from 'zod';
import { defineFeature, optionalVariable, variable, type ValuesOf } from './variable';

export const storage = defineFeature('Data folder and secret', {
  DATA_DIR: variable({
    schema: z.string().min(1),
    default: 'data',
    description:
      'Folder of what this node keeps: records (without `MONGODB_URI`), the outbox of changes that wait for a database, e-mails (without `SMTP_URL`), its secret and the operator token. Each node needs a folder of its own.',
  }),
  SECRET: optionalVariable({
    schema: z
      .string()
      .min(32, 'needs at least 32 characters')
      // A line break from a file would make it another secret than the one that the other nodes have.
      .refine((text) => text === text.trim(), 'must not begin or end with a space or a line break')
      .refine((text) => new Set(text).size >= 8, 'can be guessed: it has fewer than 8 different characters'),
    defaultInWords: 'made at the first start, in `DATA_DIR/secret`',
    description:
      'What cookies are signed with and addresses are hashed with: at least 32 characters that nobody can guess, the same on all nodes. `REDIS_URL` needs it.',
  }),
});

export type StorageValues = ValuesOf<typeof storage>;

export interface StorageConfig {
  readonly dataDir: string;
  /** Everything secret that this node derives comes from this: cookies, hashes of addresses. */
  readonly secret?: string;
}

export const storageConfig = ({ DATA_DIR, SECRET }: StorageValues): StorageConfig => ({
  dataDir: path.resolve(DATA_DIR),
  ...(SECRET === undefined ? {} : { secret: SECRET }),
});
