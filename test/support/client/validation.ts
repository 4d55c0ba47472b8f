import {
  CLIENT_EVENTS,
  SERVER_EVENTS,
  envelopeSchema,
  isServerEvent,
  type ClientEventName,
  type Envelope,
  type ServerMessage,
} from '../../../src/protocol';

const SHOWN_CHARACTERS = 200;

/** A value that the server sent, or why it does not fit the protocol. */
export type Validated<T> = { readonly value: T } | { readonly violation: string };

export function readEnvelope(text: string): Validated<Envelope> {
  const parsed = envelopeSchema.safeParse(parseJson(text));
  return parsed.success ? { value: parsed.data } : { violation: `no envelope: ${shown(text)}` };
}

export function readServerMessage({ event, data }: Envelope): Validated<ServerMessage> {
  if (!isServerEvent(event)) return { violation: `no such event: ${event}` };
  const parsed = SERVER_EVENTS[event].safeParse(data);
  if (!parsed.success) return { violation: `${event} ${shown(data)}: ${parsed.error.message}` };
  const extra = extraFields(data, parsed.data);
  if (extra.length > 0)
    return { violation: `${event} has fields outside of the protocol: ${extra.join(', ')}` };
  // The schema of exactly this event has parsed it; TypeScript cannot follow that through the table.
  return { value: { event, data: parsed.data } as ServerMessage };
}

export function readReply(requested: ClientEventName, { event, data }: Envelope): Validated<unknown> {
  if (event !== requested) return { violation: `the reply to ${requested} is named ${event}` };
  const parsed = CLIENT_EVENTS[requested].reply.safeParse(data);
  if (!parsed.success)
    return { violation: `the reply to ${requested} ${shown(data)}: ${parsed.error.message}` };
  const extra = extraFields(data, parsed.data);
  if (extra.length > 0)
    return { violation: `the reply to ${requested} has more fields: ${extra.join(', ')}` };
  return { value: parsed.data };
}

/** Paths that a schema has dropped: fields outside the protocol must not be sent. */
export function extraFields(sent: unknown, parsed: unknown, path = ''): string[] {
  if (!isObject(sent) || !isObject(parsed)) return [];
  return Object.entries(sent).flatMap(([name, value]) =>
    Object.hasOwn(parsed, name) ? extraFields(value, parsed[name], `${path}${name}.`) : [`${path}${name}`],
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const shown = (what: unknown): string =>
  (typeof what === 'string' ? what : (JSON.stringify(what) ?? 'nothing')).slice(0, SHOWN_CHARACTERS);
