import type { ServerMessage } from '../../../src/protocol';

/** Messages that matter only to a participant of that call. */
export type MessageOfCall = Extract<
  ServerMessage,
  {
    event:
      | 'call_open'
      | 'call_media'
      | 'partner_state'
      | 'partner_reconnecting'
      | 'partner_disconnected'
      | 'chat_message'
      | 'message_status';
  }
>;
