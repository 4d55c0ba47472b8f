import type { EndReason, MESSAGE_STATES, Mode, Wishes } from '../../protocol';
import type { TokenBucket, RateLimit } from '../../domain/token-bucket';
import type { Peer } from '../peers/peer';
import type { Moment } from '../ports/ages';

/** The state of a call's media. Text calls stay `none`. */
export type CallMediaState =
  | { readonly state: 'none' }
  /** At least one line is still being made, or is being made again. */
  | { readonly state: 'awaiting_lines'; readonly stop: () => void }
  | { readonly state: 'bridging'; readonly attempt: number }
  /** Offered to both participants. It flows when both have made their consumers. */
  | {
      readonly state: 'offered';
      readonly generation: number;
      readonly answered: ReadonlySet<string>;
      readonly stop: () => void;
    }
  | { readonly state: 'flowing'; readonly generation: number };

/** How fast a participant may send messages: enough for a lively chat, no flood for a partner on a slow connection. */
export const CHAT_LIMIT: RateLimit = { burst: 15, perSecond: 4 };

export interface Participant {
  /** Replaced by another object when another node becomes the participant's gateway. */
  peer: Peer;
  /**
   * When the participant began to wait (`Clock.elapsed`). If the call fails, they go back into the queue with this time.
   */
  readonly since: number;
  /** What the participant was looking for. With `since`, it is all that a search needs to go on. */
  readonly wishes: Wishes;
  accepted: boolean;
  typing: boolean;
  /** How many messages the participant may still send. */
  chatBucket: TokenBucket;
}

export interface ChatEntry {
  readonly id: string;
  readonly senderId: string;
  readonly text: string;
  readonly timestamp: number;
  status: (typeof MESSAGE_STATES)[number];
}

export type CallPhase =
  /** At least one participant still has to accept, until that moment (`Clock.elapsed`). */
  | { readonly phase: 'accepting'; readonly until: number; readonly stop: () => void }
  | { readonly phase: 'open' }
  | { readonly phase: 'ended'; readonly reason: EndReason };

/** A call of two participants, from the match to the end. It holds the state only; `Calls` makes the decisions. */
export class Call {
  phase: CallPhase = { phase: 'open' };
  media: CallMediaState = { state: 'none' };
  /** Since when the media has been out of order (`Clock.elapsed`), or null while it flows. */
  troubleSince: number | null = null;
  /** How long it took from the match until the media of this call flowed for the first time; null: not yet. */
  connectionTimeMs: number | null = null;
  /** When both participants could talk for the first time: the call counts from here. */
  connected: Moment | null = null;
  /** Messages of the chat that were accepted while another node owned the call. */
  messagesBefore = 0;
  /** Messages of the chat accepted so far, those included. */
  messageCount = 0;
  /** Whether both participants were told who their partner is. */
  announced = false;
  /** By sender and message id, oldest first; bounded by `Chat`. */
  readonly chat = new Map<string, ChatEntry>();

  /** Participants who were erased since then. Nothing new may be kept of them. */
  readonly erased = new Set<string>();

  /** By reporter. A report that failed keeps its id, because it may have been written all the same. */
  readonly reports = new Map<string, { readonly id: string; readonly isKept: boolean }>();

  constructor(
    readonly id: string,
    readonly mode: Mode,
    readonly matched: Moment,
    readonly participants: readonly [Participant, Participant],
  ) {}

  /** ms since the epoch */
  get matchedAt(): number {
    return this.matched.at;
  }

  /** ms since the epoch */
  get connectedAt(): number | null {
    return this.connected?.at ?? null;
  }

  get peerIds(): readonly [string, string] {
    return [this.participants[0].peer.id, this.participants[1].peer.id];
  }

  participant(peerId: string): Participant | undefined {
    return this.participants.find(({ peer }) => peer.id === peerId);
  }

  other(peerId: string): Participant {
    return this.participants[0].peer.id === peerId ? this.participants[1] : this.participants[0];
  }
}
