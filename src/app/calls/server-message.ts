import { SERVER_EVENTS, isServerEvent, type ServerMessage } from '../../protocol';

/** A message for a client that has come from another node. Undefined: this version does not know it. */
export function parseServerMessage(message: unknown): ServerMessage | undefined {
  if (typeof message !== 'object' || message === null || !('event' in message)) return undefined;
  const { event } = message;
  if (typeof event !== 'string' || !isServerEvent(event)) return undefined;
  const parsed = SERVER_EVENTS[event].safeParse('data' in message ? message.data : undefined);
  // The schema of exactly this event has just parsed it; TypeScript cannot follow that through the table.
  return parsed.success ? ({ event, data: parsed.data } as ServerMessage) : undefined;
}
