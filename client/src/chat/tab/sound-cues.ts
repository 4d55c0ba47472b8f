import type { Phase } from '../engine/state';
import type { Note } from './chime';

/** What decides whether an event is heard. */
export interface Listening {
  /** The setting of the user. */
  enabled: boolean;
  /** The user looks at another tab. */
  hidden: boolean;
  /** The user is writing in the chat, so a new message is seen there. */
  writing: boolean;
  /** `performance.now` */
  now: number;
}

/** Messages that follow each other quickly are one event to the ear. */
const QUIET_AFTER_MESSAGE_MS = 3_000;

/**
 * Decides which sound belongs to a change of the phase. Each match and each message is heard at most once, also when
 * the same call is resumed or its screen is built anew.
 */
export class SoundCues {
  private knownCall: string | null = null;
  private readonly knownMessages = new Set<string>();
  private lastMessageAt = Number.NEGATIVE_INFINITY;

  next(phase: Phase, { enabled, hidden, writing, now }: Listening): Note | null {
    if (phase.phase !== 'call') return null;
    const { callId, chat } = phase.call;
    const isNewCall = callId !== this.knownCall;
    if (isNewCall) this.knownMessages.clear();
    this.knownCall = callId;
    const incoming = chat.filter(({ id, mine }) => !mine && !this.knownMessages.has(id));
    for (const { id } of incoming) this.knownMessages.add(id);
    if (!enabled) return null;
    if (isNewCall) return 'match';
    if (incoming.length === 0 || (writing && !hidden)) return null;
    if (now - this.lastMessageAt < QUIET_AFTER_MESSAGE_MS) return null;
    this.lastMessageAt = now;
    return 'message';
  }
}
