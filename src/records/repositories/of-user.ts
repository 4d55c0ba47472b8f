import { furtherWindowIds } from '../../domain/users';

/** Finds by a field that has the id of a peer. A user's further windows have ids of their own. */
export function ofUser(field: string, userId: string) {
  const { from, before } = furtherWindowIds(userId);
  return { $or: [{ [field]: userId }, { [field]: { $gte: from, $lt: before } }] };
}
