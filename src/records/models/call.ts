import { Schema } from 'mongoose';
import { END_REASONS, MESSAGE_STATES, MODES, type EndReason, type Mode } from '../../protocol';
import type { Model } from '../store/record-store';
import { count, date, dateOrNull, expires, id, part, strict, stringOrNull } from './shared';

export interface ParticipantRecord {
  readonly userId: string;
  readonly name: string;
  readonly isAnonymous: boolean;
  readonly region: string;
  /** Keyed hash of the address; the address itself is never kept. */
  readonly addressHash: string | null;
  readonly joinedAt: Date;
}

export interface MessageRecord {
  readonly id: string;
  readonly senderId: string;
  readonly senderUsername: string;
  readonly type: 'text';
  readonly content: string;
  readonly timestamp: Date;
  readonly status: (typeof MESSAGE_STATES)[number];
}

export const CALL_STATUSES = ['waiting', 'connected', 'ended', 'disconnected'] as const;

/** One call from the match to its end, kept for 24 hours. */
export interface CallRecord {
  readonly _id: string;
  readonly sessionId: string;
  readonly sessionType: Mode;
  /**
   * `waiting`: matched, but a participant has not accepted yet or no media flows yet. `connected`: going on. `ended`: a
   * participant or a rule ended it. `disconnected`: it broke off (a participant or a node was lost, media failed).
   */
  readonly status: (typeof CALL_STATUSES)[number];
  readonly participants: { readonly user1: ParticipantRecord; readonly user2: ParticipantRecord | null };
  /** The participants' user ids, for queries by user. */
  readonly userIds: readonly string[];
  readonly messages: readonly MessageRecord[];
  readonly quality: { readonly connectionTimeMs: number | null };
  readonly reports: readonly string[];
  readonly issues: readonly { readonly at: Date; readonly code: string; readonly userId: string | null }[];
  /** The owner node of the call, and when it last confirmed that. A crash is noticed by it. */
  readonly nodeId: string;
  readonly aliveAt: Date;
  readonly connectedAt: Date | null;
  readonly endedAt: Date | null;
  readonly endReason: EndReason | 'node_lost' | null;
  readonly endedBy: string | null;
  /** How long both could talk (s). Measured, so a clock that was set meanwhile does not count. */
  readonly duration: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date;
}

const participant = new Schema<ParticipantRecord>(
  {
    userId: id,
    name: id,
    isAnonymous: { type: Boolean, required: true },
    region: id,
    addressHash: stringOrNull,
    joinedAt: date,
  },
  part,
);

const message = new Schema<MessageRecord>(
  {
    id,
    senderId: id,
    senderUsername: id,
    type: { type: String, enum: ['text'], required: true },
    content: { type: String, required: true, maxlength: 2000 },
    timestamp: date,
    status: { type: String, enum: MESSAGE_STATES, required: true },
  },
  part,
);

const issue = new Schema({ at: date, code: id, userId: stringOrNull }, part);

const schema = new Schema<CallRecord>(
  {
    _id: id,
    sessionId: id,
    sessionType: { type: String, enum: MODES, required: true },
    status: { type: String, enum: CALL_STATUSES, required: true },
    participants: {
      type: new Schema(
        { user1: { type: participant, required: true }, user2: { type: participant, default: null } },
        part,
      ),
      required: true,
    },
    userIds: { type: [String], required: true },
    messages: { type: [message], default: [] },
    quality: {
      type: new Schema({ connectionTimeMs: { type: Number, default: null, min: 0 } }, part),
      default: () => ({ connectionTimeMs: null }),
    },
    reports: { type: [String], default: [] },
    issues: { type: [issue], default: [] },
    nodeId: id,
    aliveAt: date,
    connectedAt: dateOrNull,
    endedAt: dateOrNull,
    endReason: { type: String, enum: [...END_REASONS, 'node_lost', null], default: null },
    endedBy: stringOrNull,
    duration: count,
    createdAt: date,
    updatedAt: date,
    expiresAt: date,
  },
  strict,
);
schema.index({ sessionId: 1 }, { unique: true });
schema.index({ status: 1, sessionType: 1 });
schema.index({ userIds: 1, createdAt: -1 });
schema.index({ status: 1, aliveAt: 1 });
expires(schema);

export const callModel: Model<CallRecord> = { name: 'VideoSession', collection: 'videosessions', schema };
