import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Call } from './call';
import type { CallJournal } from './call-journal';

/** One message of a call's chat, as a report keeps it. */
export interface ChatLine {
  readonly senderId: string;
  readonly content: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

export interface CallHistoryDeps {
  readonly journal: Pick<CallJournal, 'messages'>;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** How long the journal may take. After that a report carries the messages that this node remembers. */
const JOURNAL_MS = 1_000;

/**
 * Reads the chat of a call from its journal: the whole chat, even where another node owned the call before. The
 * latest messages may not be written yet, so the messages that this node remembers are added.
 */
export class CallHistory {
  constructor(private readonly deps: CallHistoryDeps) {}

  /** In the order in which the messages were accepted. Never rejects. */
  async chatOf(call: Call): Promise<ChatLine[]> {
    const remembered = [...call.chat.values()].map(({ senderId, text, timestamp }) => ({
      senderId,
      content: text,
      timestamp,
    }));
    const written = await this.written(call.id);
    const known = new Set(written.map(keyOf));
    const lines = [...written, ...remembered.filter((line) => !known.has(keyOf(line)))];
    return lines.sort((one, other) => one.timestamp - other.timestamp);
  }

  private async written(callId: string): Promise<ChatLine[]> {
    const { journal, clock, reportError } = this.deps;
    let stop = (): void => undefined;
    const late = new Promise<null>((resolve) => {
      stop = clock.after(JOURNAL_MS, () => resolve(null));
    });
    try {
      const messages = await Promise.race([journal.messages(callId), late]);
      return (messages ?? []).map(({ senderId, content, timestamp }) => ({ senderId, content, timestamp }));
    } catch (error) {
      reportError(error, 'the journal of a call could not be read for a report');
      return [];
    } finally {
      stop();
    }
  }
}

/** A message has its sender's id in memory and a number in the journal, so the two are compared by content. */
const keyOf = ({ senderId, content, timestamp }: ChatLine): string => `${senderId} ${timestamp} ${content}`;
