import { randomBytes } from 'node:crypto';
import type { EndReason } from '../../protocol';
import type { Chat } from './chat';
import type { Peer } from '../peers/peer';
import type { CallJournal, JournalParticipant } from './call-journal';
import { ageOf } from '../ports/ages';
import type { Clock } from '../ports/clock';
import type { CallCounter } from '../accounts/call-counter';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Call, ChatEntry } from './call';
import type { Calls } from './calls';

export interface CallRecorderDeps {
  readonly calls: Calls;
  readonly chat: Chat;
  readonly journal: CallJournal;
  readonly clock: Clock;
  /** Ids of the other nodes that are alive, as they are in the records. */
  readonly livingNodes: () => readonly string[];
  /** Counts calls in the peers' own statistics. */
  readonly counter: Pick<CallCounter, 'countCall'>;
  readonly reportError: ErrorReporter;
}

/** How long messages of a chat are gathered before they are written. A long chat is written less often. */
const GATHER_MS = 1000;
/** Writing costs as much as a record has messages, so for each so many messages it is written a second less often. */
const MESSAGES_A_SECOND_MORE = 20;
const GATHER_MOST_MS = 20_000;
/** How often running calls are reported alive. A record that misses three reports belongs to a dead node. */
const ALIVE_MS = 60_000;
const LOST_AFTER_MS = 3 * ALIVE_MS;

interface Running {
  readonly call: Call;
  /** Another one for each owner that the call has. */
  readonly ownership: string;
  /** Messages of the chat that are still to be written. */
  readonly unwritten: ChatEntry[];
  /** Messages written so far, and when the last of them were written (`Clock.elapsed`). */
  written: number;
  writtenAt: number;
  /** Number of messages by sender. */
  readonly sent: Map<string, number>;
}

/** Records calls as they happen: opened, connected, chat messages, ended. */
export class CallRecorder {
  /** Running calls, by id. */
  private readonly running = new Map<string, Running>();
  private readonly stops: (() => void)[];

  constructor(private readonly deps: CallRecorderDeps) {
    const { calls, chat, clock } = deps;
    calls.on({
      opened: (call) => this.opened(call),
      adopted: (call) => this.follow(call, call.messagesBefore),
      released: (call) => this.released(call),
      connected: (call) => this.connected(call),
      ended: (call, reason, by) => this.ended(call, reason, by),
    });
    chat.on({ said: (call, entry) => this.said(call, entry) });
    this.stops = [
      clock.every(GATHER_MS, () => this.writeDue()),
      clock.every(ALIVE_MS, () => this.reportAlive()),
    ];
  }

  /** Ends the records of calls that were lost with this node, before its start. Other nodes are not heard of yet. */
  async endOwnLost(): Promise<number> {
    return this.deps.journal.endLost({ before: 0, running: new Set(), livingNodes: [] });
  }

  close(): void {
    for (const stop of this.stops) stop();
    for (const running of this.running.values()) this.write(running);
  }

  private opened(call: Call): void {
    const [one, other] = call.participants;
    this.follow(call, 0);
    this.deps.journal.opened({
      callId: call.id,
      mode: call.mode,
      participants: [participant(one.peer), participant(other.peer)],
      at: call.matchedAt,
    });
  }

  private follow(call: Call, written: number): void {
    this.running.set(call.id, {
      call,
      ownership: randomBytes(4).toString('hex'),
      unwritten: [],
      written,
      writtenAt: this.deps.clock.elapsed(),
      sent: new Map(),
    });
  }

  /** The next owner goes on recording where this node stops. */
  private released(call: Call): void {
    const running = this.running.get(call.id);
    if (running !== undefined) this.write(running);
    this.running.delete(call.id);
  }

  private connected(call: Call): void {
    const at = call.connectedAt ?? this.deps.clock.now();
    this.deps.journal.connected(call.id, at, call.connectionTimeMs);
  }

  private said(call: Call, entry: ChatEntry): void {
    const running = this.running.get(call.id);
    if (running === undefined) return;
    running.unwritten.push(entry);
    running.sent.set(entry.senderId, (running.sent.get(entry.senderId) ?? 0) + 1);
  }

  private ended(call: Call, reason: EndReason, by: Peer | undefined): void {
    const { clock } = this.deps;
    const running = this.running.get(call.id);
    if (running !== undefined) this.write(running);
    this.running.delete(call.id);
    const talkedMs = call.connected === null ? 0 : ageOf(clock, call.connected.elapsed);
    this.deps.journal.ended(call.id, { at: clock.now(), reason, by: by?.id ?? null, talkedMs });
    for (const { peer } of call.participants) {
      const messagesSent = running?.sent.get(peer.id) ?? 0;
      const skipped = peer === by && reason === 'next';
      this.deps.counter
        .countCall(peer.identity, { callId: call.id, talkedMs, messagesSent, skipped })
        .catch((error: unknown) => this.deps.reportError(error, 'a call could not be counted'));
    }
  }

  private writeDue(): void {
    const now = this.deps.clock.elapsed();
    for (const running of this.running.values()) {
      const gatherMs = GATHER_MS * (1 + Math.floor(running.written / MESSAGES_A_SECOND_MORE));
      if (now - running.writtenAt >= Math.min(gatherMs, GATHER_MOST_MS)) this.write(running);
    }
  }

  /**
   * A message's id is its sender's own. The record numbers the messages instead, so that repeating a write adds none
   * twice. Owners number apart, because two nodes can own the call for a moment: a message that both have accepted is
   * then recorded by both, and none is left out.
   */
  private write(running: Running): void {
    const { call, ownership, unwritten, written } = running;
    if (unwritten.length === 0) return;
    const messages = unwritten.splice(0).map(({ senderId, text, timestamp, status }, index) => ({
      id: `${call.id}-${ownership}-${written + index}`,
      senderId,
      senderUsername: call.participant(senderId)?.peer.name ?? '',
      content: text,
      timestamp,
      status,
    }));
    running.written += messages.length;
    running.writtenAt = this.deps.clock.elapsed();
    this.deps.journal.said(call.id, messages);
  }

  private reportAlive(): void {
    const callIds = [...this.running.keys()];
    if (callIds.length > 0) this.deps.journal.alive(callIds, this.deps.clock.now());
    const { journal, clock, livingNodes, reportError } = this.deps;
    // The times in the records are those of other nodes, whose clocks may be set otherwise.
    const which = { running: new Set(callIds), livingNodes: livingNodes() };
    journal
      .endLost({ before: clock.now() - LOST_AFTER_MS, ...which })
      .catch((error: unknown) => reportError(error, 'records of lost calls could not be ended'));
  }
}

const participant = ({ id, name, identity, addressHash }: Peer): JournalParticipant => ({
  userId: id,
  name,
  isAnonymous: identity.isAnonymous,
  addressHash,
});
