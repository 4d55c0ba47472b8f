import { z } from 'zod';
import type { Guest } from '../app/accounts/ports/guest-store';

const optionalText = z.string().nullable();
const optionalTime = z.number().nullable();

/** A guest as stored in Redis. Another version of the server may have written it, so every field is checked. */
const guestSchema = z.object({
  id: z.string().min(1),
  sessionId: z.string().min(1),
  username: z.string(),
  isOnline: z.boolean(),
  isSearching: z.boolean(),
  inChat: z.boolean(),
  connectedUser: optionalText,
  location: optionalText,
  gender: optionalText,
  language: optionalText,
  socketId: optionalText,
  lastSeen: z.number(),
  createdAt: z.number(),
  connectedAt: optionalTime,
});

/** Throws when the text is not a guest. */
export const parseGuest = (text: string): Guest => guestSchema.parse(JSON.parse(text));
