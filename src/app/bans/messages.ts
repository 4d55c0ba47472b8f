import { z } from 'zod';
import { banSchema } from '../../domain/bans';
import { notification } from '../cluster/messages';
import { time } from '../cluster/shapes';

/** To all nodes, and to a node that has just joined: these bans hold. */
export const bansHold = notification('bans_hold', z.object({ bans: z.array(banSchema).max(500) }));

/** To all nodes: this ban holds no longer. */
export const banLifted = notification('ban_lifted', z.object({ id: z.string(), at: time }));
