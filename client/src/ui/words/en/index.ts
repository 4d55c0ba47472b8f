import { errors } from './errors';
import { forms } from './forms';
import { page } from './page';
import { units } from './units';

/** What both apps share; English is the source of the keys and placeholders. */
export const en = { ...errors, ...forms, ...page, ...units } as const;
