import { z } from 'zod';
import { banSchema } from '../../domain/bans';
import { notification } from '../cluster/messages';
import { time } from '../cluster/shapes';

/** To all nodes, and to a node that has just joined: these bans hold. */
export const bansHold = notification('bans_hold', z.object({ bans: z.array(banSchema).max(500) }));

const lifting = z.object({ id: z.string().min(1).max(64), at: time });

/** To all nodes, and to a node that has just joined: these bans hold no longer. */
export const bansLifted = notification('bans_lifted', z.object({ lifted: z.array(lifting).max(500) }));
