import type { EndReason, MESSAGE_STATES, Mode, Wishes } from '../../protocol';
import type { TokenBucket, RateLimit } from '../../domain/token-bucket';
import type { Peer } from '../peers/peer';

/** Where the media of a call is. Text calls stay `none`. */
export type CallMediaState =
  | { readonly state: 'none' }
  /** At least one line is still being made (the cold way), or made again. */
  | { readonly state: 'awaiting_lines'; readonly stop: () => void }
  | { readonly state: 'bridging'; readonly attempt: number }
  /** Offered to both; flows when both have made their consumers. */
  | {
      readonly state: 'offered';
      readonly generation: number;
      readonly answered: ReadonlySet<string>;
      readonly stop: () => void;
    }
  | { readonly state: 'flowing'; readonly generation: number };

/** Messages one person may send: a lively chat, but no flood that cuts off somebody on a thin line. */
export const CHAT_LIMIT: RateLimit = { burst: 15, perSecond: 4 };

export interface Participant {
  /** Another one when they are given a seat on another node: what is known of them here changes hands. */
  peer: Peer;
  /** When this person's waiting began; kept so that a failed call puts them back where they were. */
  readonly since: number;
  /** What they were looking for; with `since`, all that a search needs to go on. */
  readonly wishes: Wishes;
  accepted: boolean;
  typing: boolean;
  /** How much of their allowance of messages is left. */
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
  /** Both still have to say yes. */
  | { readonly phase: 'meeting'; readonly until: number; readonly stop: () => void }
  | { readonly phase: 'open' }
  | { readonly phase: 'ended'; readonly reason: EndReason };

/** Two people together, from the match to the end. Decisions are in `Calls`; this is what they are about. */
export class Call {
  phase: CallPhase = { phase: 'open' };
  media: CallMediaState = { state: 'none' };
  /** Since when the media has been out of order, or null while it flows. */
  troubleSince: number | null = null;
  /** When the media of this call flowed for the first time. */
  flowedAt: number | null = null;
  /** When both could talk: the call counts from here. */
  connectedAt: number | null = null;
  /** Lines of the chat that were accepted while another node was the call's home. */
  messagesBefore = 0;
  /** Lines of the chat accepted so far, those included. */
  messageCount = 0;
  /** Whether both have been told whom they met. */
  announced = false;
  /** By sender and message id, oldest first; bounded by `Chat`. */
  readonly chat = new Map<string, ChatEntry>();

  /** Who of the two was erased since: nothing new may be kept of them. */
  readonly erased = new Set<string>();

  /** By reporter. One that could not be promised keeps its id, since it may be written all the same. */
  readonly reports = new Map<string, { readonly id: string; readonly isKept: boolean }>();

  constructor(
    readonly id: string,
    readonly mode: Mode,
    readonly matchedAt: number,
    readonly participants: readonly [Participant, Participant],
  ) {}

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
