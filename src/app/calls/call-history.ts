import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { PastMessage } from '../../protocol';
import type { Peer } from '../peers/peer';
import type { Call, ChatEntry } from './call';
import type { CallJournal } from './call-journal';
import { readInTime } from './journal-deadline';

/** One message of a call's chat, as a report keeps it. */
export interface ChatLine {
  readonly senderId: string;
  readonly content: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** Its id is the journal's own, or its sender's where the journal does not have it yet. */
interface WrittenLine extends ChatLine {
  readonly id: string;
}

export interface CallHistoryDeps {
  readonly journal: Pick<CallJournal, 'messages'>;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/**
 * Reads the chat of a call from its journal: the whole chat, even where another node owned the call before. The
 * latest messages may not be written yet, so the messages that this node remembers are added.
 */
export class CallHistory {
  constructor(private readonly deps: CallHistoryDeps) {}

  /** In the order in which the messages were accepted. Never rejects. */
  async chatOf(call: Call): Promise<ChatLine[]> {
    const lines = await this.linesOf(call);
    return lines.map(({ senderId, content, timestamp }) => ({ senderId, content, timestamp }));
  }

  /** The chat as one of the participants reads it again, in the order in which it was accepted. Never rejects. */
  async messagesFor(call: Call, reader: Peer): Promise<PastMessage[]> {
    const lines = await this.linesOf(call);
    const ids = new Map([...call.chat.values()].map((entry) => [keyOf(lineOf(entry)), entry]));
    return lines.map((line) => {
      const entry = ids.get(keyOf(line));
      const { senderId, content, timestamp } = line;
      if (entry !== undefined) return { id: entry.id, senderId, content, timestamp, status: entry.status };
      // Only messages that have arrived are forgotten, and nobody waits for a receipt of one that old.
      const status = senderId === reader.id ? 'delivered' : 'read';
      return { id: line.id, senderId, content, timestamp, status };
    });
  }

  private async linesOf(call: Call): Promise<WrittenLine[]> {
    const isAllRemembered = call.chat.size === call.messageCount;
    const written = isAllRemembered ? [] : await this.written(call.id);
    const known = new Set(written.map(keyOf));
    // What was said while the journal was read counts as well.
    const remembered = [...call.chat.values()].map(lineOf);
    const lines = [...written, ...remembered.filter((line) => !known.has(keyOf(line)))];
    return lines.sort((one, other) => one.timestamp - other.timestamp);
  }

  private async written(callId: string): Promise<readonly WrittenLine[]> {
    const { journal, clock, reportError } = this.deps;
    try {
      // Where the journal takes too long, the messages that this node remembers have to do.
      return (await readInTime(journal.messages(callId), clock)) ?? [];
    } catch (error) {
      reportError(error, 'the journal of a call could not be read');
      return [];
    }
  }
}

const lineOf = ({ id, senderId, text, timestamp }: ChatEntry): WrittenLine => ({
  id,
  senderId,
  content: text,
  timestamp,
});

/** A message has its sender's id in memory and a number in the journal, so the two are compared by content. */
const keyOf = ({ senderId, content, timestamp }: ChatLine): string => `${senderId} ${timestamp} ${content}`;
