import type { ClientEventName, ServerMessage } from '../../src/protocol';

/** A message in a few words, for the trace of a client. */
export function summaryOf(message: ServerMessage): string {
  const about = 'callId' in message.data ? ` ${message.data.callId}` : '';
  return `${message.event}${about}${details(message)}`;
}

function details({ event, data }: ServerMessage): string {
  switch (event) {
    case 'connected':
      return ` ${data.userId} ${data.resumed ? 'resumed' : 'new'} ${data.session.state} ${data.session.callId ?? ''}`;
    case 'partner_found':
      return ` with ${data.partner.id}${data.again ? ' again' : ''}`;
    case 'partner_disconnected':
      return ` ${data.reason}`;
    case 'partner_state':
      return data.present ? ' present' : ' absent';
    case 'waiting_for_partner':
      return ` ${data.waitedMs} ms${data.held ? ' held' : ''}`;
    case 'message_status':
      return ` ${data.id} ${data.status}`;
    default:
      return '';
  }
}

/** These would hide everything else that is traced. */
export const isFrequent = (event: ClientEventName): boolean =>
  ['chat_message', 'typing', 'message_delivered', 'message_read', 'ping'].includes(event);

const REMEMBERED = 1_000;
const SHOWN = 60;

/** The last messages that one client sent and received. */
export class Trace {
  readonly lines: string[] = [];

  note(words: string): void {
    this.lines.push(`      ${new Date().toISOString().slice(11, 23)} ${words}`);
    if (this.lines.length > REMEMBERED) this.lines.shift();
  }

  /** The last lines, to stand below what is said of the client. */
  tail(): string {
    return this.lines
      .slice(-SHOWN)
      .map((line) => `\n${line}`)
      .join('');
  }
}
