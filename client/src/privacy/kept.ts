/** What stands on the landing: what concerns everybody. */
export const KEPT_OF_EVERYBODY = [
  'keep.media',
  'keep.call',
  'keep.report',
  'keep.guest',
  'keep.account',
  'keep.address',
  'keep.wishes',
] as const;

/** All of it. */
export const KEPT = [
  'keep.media',
  'keep.call',
  'keep.report',
  'keep.guest',
  'keep.account',
  'keep.address',
  'keep.log',
  'keep.letters',
  'keep.payment',
  'keep.cookies',
  'keep.wishes',
] as const;
