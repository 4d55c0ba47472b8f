import type {
  CallJournal,
  JournalEnd,
  JournalMessage,
  JournalOpening,
  JournalParticipant,
  LostCalls,
  PastCall,
} from '../../app/calls/call-journal';
import { endingOf } from '../../domain/calls';
import { isErasedId } from '../../domain/users';
import { callModel, type CallRecord, type MessageRecord, type ParticipantRecord } from '../models';
import { DAY_MS } from '../models/shared';
import type { Outbox } from '../store/outbox';
import type { Collection, Update } from '../store/record-store';

/** The most lines of one call's chat that are kept: the newest. */
const MESSAGES_KEPT = 300;

export interface CallJournalDeps {
  readonly calls: Collection<CallRecord>;
  readonly outbox: Pick<Outbox, 'write'>;
  readonly nodeId: string;
  readonly region: string;
  /** When this process began. Records of this node from before are of calls that ended with its former process. */
  readonly startedAt: number;
  readonly reportError: (error: unknown, words: string) => void;
}

/** Keeps calls in the records. Every change can be made twice without harm, as the outbox requires. */
export class RecordedCallJournal implements CallJournal {
  constructor(private readonly deps: CallJournalDeps) {}

  opened({ callId, mode, participants, at }: JournalOpening): void {
    const [one, other] = participants;
    const now = new Date(at);
    const record: Omit<CallRecord, '_id'> = {
      sessionId: callId,
      sessionType: mode,
      status: 'waiting',
      participants: { user1: this.participant(one, now), user2: this.participant(other, now) },
      userIds: [one.userId, other.userId],
      messages: [],
      quality: { connectionTimeMs: null },
      reports: [],
      issues: [],
      nodeId: this.deps.nodeId,
      aliveAt: now,
      connectedAt: null,
      endedAt: null,
      endReason: null,
      endedBy: null,
      duration: 0,
      createdAt: now,
      updatedAt: now,
      expiresAt: new Date(at + DAY_MS),
    };
    this.change(callId, { $setOnInsert: { ...record } }, { upsert: true });
  }

  connected(callId: string, at: number, connectionTimeMs: number | null): void {
    const now = new Date(at);
    this.change(callId, {
      $set: {
        status: 'connected',
        connectedAt: now,
        'quality.connectionTimeMs': connectionTimeMs,
        aliveAt: now,
        updatedAt: now,
      },
    });
  }

  said(callId: string, messages: readonly JournalMessage[]): void {
    const [first] = messages;
    if (first === undefined) return;
    const $each: MessageRecord[] = messages.map((message) => ({
      ...message,
      type: 'text',
      timestamp: new Date(message.timestamp),
    }));
    // Chat lines are written in batches. The number of the first line shows whether this batch was written before.
    this.change(
      callId,
      { $push: { messages: { $each, $slice: -MESSAGES_KEPT } } },
      { unless: { 'messages.id': { $ne: first.id } } },
    );
  }

  ended(callId: string, { at, reason, by, talkedMs }: JournalEnd): void {
    const now = new Date(at);
    this.change(callId, {
      $set: {
        status: endingOf(reason),
        endedAt: now,
        endReason: reason,
        endedBy: by,
        duration: Math.round(talkedMs / 1000),
        updatedAt: now,
      },
    });
  }

  async messages(callId: string): Promise<readonly JournalMessage[]> {
    return (await this.past(callId))?.messages ?? [];
  }

  async past(callId: string): Promise<PastCall | null> {
    const call = await this.deps.calls.findOne({ _id: callId });
    if (call === null) return null;
    const { user1, user2 } = call.participants;
    const participants = user2 === null ? [user1] : [user1, user2];
    return {
      startedAt: call.createdAt.getTime(),
      participants: participants.map(({ userId, name, isAnonymous, addressHash }) => ({
        ...{ userId, name, isAnonymous, addressHash },
      })),
      messages: call.messages.map(({ timestamp, ...message }) => ({
        ...message,
        timestamp: timestamp.getTime(),
      })),
      isRestricted: participants.some(({ userId }) => isErasedId(userId)),
    };
  }

  alive(callIds: readonly string[], at: number): void {
    this.deps.calls
      .updateMany({ _id: { $in: [...callIds] } }, { $set: { aliveAt: new Date(at) } })
      // Repeated in a minute, so one failure does no harm.
      .catch((error: unknown) => this.deps.reportError(error, 'calls could not be marked as alive'));
  }

  async endLost({ before, running, livingNodes }: LostCalls): Promise<number> {
    const { calls, nodeId, startedAt } = this.deps;
    const found = await calls.find({
      status: { $in: ['waiting', 'connected'] },
      $or: [
        { nodeId, createdAt: { $lt: new Date(startedAt) } },
        { nodeId: { $nin: [nodeId, ...livingNodes] }, aliveAt: { $lt: new Date(before) } },
      ],
    });
    const lost = found.filter(({ _id }) => !running.has(_id));
    for (const { _id, status, aliveAt, connectedAt } of lost) {
      const talkedMs = connectedAt === null ? 0 : Math.max(0, aliveAt.getTime() - connectedAt.getTime());
      await calls.update(
        { _id, status },
        {
          $set: {
            status: 'disconnected',
            endedAt: aliveAt,
            endReason: 'node_lost',
            duration: Math.round(talkedMs / 1000),
            updatedAt: new Date(),
          },
        },
      );
    }
    return lost.length;
  }

  private participant(of: JournalParticipant, joinedAt: Date): ParticipantRecord {
    return { ...of, region: this.deps.region, joinedAt };
  }

  private change(
    callId: string,
    update: Update,
    { upsert = false, unless = {} }: { upsert?: boolean; unless?: Record<string, unknown> } = {},
  ): void {
    const { collection } = callModel;
    this.deps.outbox
      .write({ collection, filter: { _id: callId, ...unless }, update, upsert })
      .catch((error: unknown) => this.deps.reportError(error, 'a call could not be recorded'));
  }
}
