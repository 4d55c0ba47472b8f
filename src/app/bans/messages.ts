import { z } from 'zod';
import { notification } from '../cluster/messages';
import { time } from '../cluster/shapes';

/**
 * To all nodes, and to a node that has just joined: these bans hold. Each is parsed by itself (`banSchema`), so that one
 * that cannot be understood does not take the others with it.
 */
export const bansHold = notification('bans_hold', z.object({ bans: z.array(z.unknown()).max(500) }));

const lifting = z.object({ id: z.string().min(1).max(64), at: time });

/** To all nodes, and to a node that has just joined: these bans hold no longer. */
export const bansLifted = notification('bans_lifted', z.object({ lifted: z.array(lifting).max(500) }));
