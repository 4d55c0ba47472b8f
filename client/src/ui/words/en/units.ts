/** Lengths of time with their units. */
export const units = {
  'time.seconds': '{count} s',
  'time.minutes': '{count} min',
  'time.hours': '{count} h',
  'time.days': { one: '{count} day', other: '{count} days' },
} as const;
