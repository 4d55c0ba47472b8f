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
  /** How long both participants could talk, in ms. */
  readonly talkedMs: number;
}

/** A call as its record has it, whichever node owned it. */
export interface PastCall {
  readonly startedAt: number;
  readonly participants: readonly JournalParticipant[];
  /** The messages that were written, in order. The oldest messages of a very long chat are not kept. */
  readonly messages: readonly JournalMessage[];
  /** One of the two was erased since. */
  readonly isRestricted: boolean;
}

export interface LostCalls {
  readonly before: number;
  /** Calls that this node owns, and ids of nodes that are alive: theirs are not lost, whatever the clocks say. */
  readonly running: ReadonlySet<string>;
  readonly livingNodes: readonly string[];
}

/**
 * Records calls as they happen and keeps the records for 24 hours. The methods that write neither delay a call nor
 * throw: what cannot be written now is written later, and what can never be written raises an alarm.
 */
export interface CallJournal {
  opened(opening: JournalOpening): void;
  /** `connectionTimeMs`: from the match to the first media; null for text. */
  connected(callId: string, at: number, connectionTimeMs: number | null): void;
  /** Messages of the chat, in order, each once. */
  said(callId: string, messages: readonly JournalMessage[]): void;
  ended(callId: string, end: JournalEnd): void;
  /**
   * The messages that were written so far, in order. The oldest messages of a very long chat are not kept. Throws
   * `DomainError('records_unavailable')` when the records cannot be reached.
   */
  messages(callId: string): Promise<readonly JournalMessage[]>;
  /** Null: there is no record of it (any more). Throws like `messages`. */
  past(callId: string): Promise<PastCall | null>;
  /** These calls are going on. */
  alive(callIds: readonly string[], at: number): void;
  /**
   * Ends the records of calls that no node owns any more: calls that this node recorded before its start, and calls
   * of other nodes that were not reported alive since `before`. Answers with their number.
   */
  endLost(which: LostCalls): Promise<number>;
}
