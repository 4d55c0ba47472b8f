import type { Translation } from '../catalogue';
import type { en } from '../en';
import { errors } from './errors';
import { forms } from './forms';
import { page } from './page';
import { units } from './units';

export const de: Translation<typeof en> = { ...errors, ...forms, ...page, ...units };
