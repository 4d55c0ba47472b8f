/** The rows on the landing screen: data of everybody. */
export const BASIC_RETENTION_ROWS = [
  'keep.media',
  'keep.call',
  'keep.report',
  'keep.guest',
  'keep.account',
  'keep.address',
  'keep.wishes',
] as const;

/** The rows on the privacy page: all data. */
export const RETENTION_ROWS = [
  'keep.media',
  'keep.call',
  'keep.report',
  'keep.guest',
  'keep.account',
  'keep.address',
  'keep.ban',
  'keep.log',
  'keep.mails',
  'keep.payment',
  'keep.cookies',
  'keep.wishes',
] as const;
