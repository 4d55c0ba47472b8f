import { z } from 'zod';
import { END_REASONS, MODES } from '../../protocol';

/** Shapes that several features use in their messages between nodes. */

export const peerId = z.string().min(1).max(128);
export const callId = z.string().min(1).max(64);
export const lineId = z.string().min(1).max(64);
export const nodeAddress = z.string().min(1).max(128);
export const generation = z.number().int();
/** Milliseconds since the epoch. */
export const time = z.number();
/** Milliseconds. What a process measures with means nothing to another one, so messages say how long, not since when. */
export const duration = z.number().nonnegative();
export const mode = z.enum(MODES);
export const endReason = z.enum(END_REASONS);
/** A reply that only confirms the request. */
export const nothing = z.object({});
