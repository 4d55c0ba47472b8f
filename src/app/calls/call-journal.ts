import type { EndReason, MESSAGE_STATES, Mode } from '../../protocol';

export interface JournalParticipant {
  readonly userId: string;
  readonly name: string;
  readonly isAnonymous: boolean;
  readonly addressHash: string | null;
}

export interface JournalOpening {
  readonly callId: string;
  readonly mode: Mode;
  readonly participants: readonly [JournalParticipant, JournalParticipant];
  /** ms since the epoch, as all times here */
  readonly at: number;
}

export interface JournalMessage {
  readonly id: string;
  readonly senderId: string;
  readonly senderUsername: string;
  readonly content: string;
  readonly timestamp: number;
  readonly status: (typeof MESSAGE_STATES)[number];
}

export interface JournalEnd {
  readonly at: number;
  readonly reason: EndReason;
  readonly by: string | null;
  /** ms in which both could talk. */
  readonly talkedMs: number;
}

/**
 * What is kept of calls as they happen, for 24 hours. Nothing here holds a call up or throws: what cannot be written
 * now is written later, and what can never be written raises an alarm.
 */
export interface CallJournal {
  opened(opening: JournalOpening): void;
  /** `connectionTimeMs`: from the match to the first media; null for text. */
  connected(callId: string, at: number, connectionTimeMs: number | null): void;
  /** Lines of the chat, in order, each once. */
  said(callId: string, messages: readonly JournalMessage[]): void;
  ended(callId: string, end: JournalEnd): void;
  /**
   * The messages that are written so far, in order; the oldest of a very long chat are not kept. Throws
   * `DomainError('records_unavailable')` when the records cannot be reached.
   */
  messages(callId: string): Promise<readonly JournalMessage[]>;
  /** These calls are going on. */
  alive(callIds: readonly string[], at: number): void;
  /**
   * Ends the records of calls that no node holds any more: this node's from before its start, and others' that were
   * not said to be alive since `before`. Answers with how many.
   */
  endLost(before: number): Promise<number>;
}
