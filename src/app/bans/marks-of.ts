import type { Marks } from '../../domain/bans';
import { userIdOf } from '../../domain/users';
import type { Peer } from '../peers/peer';

/** Everything by which a connected peer may be banned. */
export function marksOf({ id, addressHash, origin }: Peer): Marks {
  return {
    // A further window of a browser is the user of the first one.
    users: [userIdOf(id)],
    ...(addressHash === null ? {} : { address: addressHash }),
    ...(origin === null ? {} : { ...origin }),
  };
}
