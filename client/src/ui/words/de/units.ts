import type { Translation } from '../catalogue';
import type { units as source } from '../en/units';

export const units: Translation<typeof source> = {
  'time.seconds': '{count} s',
  'time.minutes': '{count} min',
  'time.hours': '{count} h',
  'time.days': { one: '{count} Tag', other: '{count} Tagen' },
};
