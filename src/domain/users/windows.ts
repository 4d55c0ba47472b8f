/**
 * One browser may have several windows open. Each is a peer of its own, and all of them are one user: the first
 * window's peer has the user's id, each further one has that id, this sign and a part of its own.
 */
const SEPARATOR = '~';

/** The id of the peer in a further window of this user. `part` tells the windows apart. */
export const furtherWindowId = (userId: string, part: string): string => `${userId}${SEPARATOR}${part}`;

/** The user behind a peer. What is decided about people (blocks, recent partners, minutes) is decided about users. */
export function userIdOf(peerId: string): string {
  const end = peerId.indexOf(SEPARATOR);
  return end === -1 ? peerId : peerId.slice(0, end);
}

export const isFurtherWindow = (peerId: string): boolean => peerId.includes(SEPARATOR);

/** All ids of a user's further windows are in this range, for stores that find by range. */
export const furtherWindowIds = (userId: string): { readonly from: string; readonly before: string } => ({
  from: `${userId}${SEPARATOR}`,
  before: `${userId}${String.fromCharCode(SEPARATOR.charCodeAt(0) + 1)}`,
});
