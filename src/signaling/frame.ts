import { DomainError } from '../domain/error';
import {
  CLIENT_EVENTS,
  envelopeSchema,
  isClientEvent,
  type ClientData,
  type ClientEventName,
} from '../protocol';

/** One message of a client, parsed: which event, its data, and the id a reply has to echo. */
export type ClientFrame = {
  [E in ClientEventName]: {
    readonly event: E;
    readonly data: ClientData<E>;
    readonly id: number | undefined;
  };
}[ClientEventName];

/** A frame that was rejected, with as much of its envelope as could be read, so that the reply can name it. */
export class BadFrame extends Error {
  constructor(
    readonly domainError: DomainError,
    readonly event?: string,
    readonly id?: number,
  ) {
    super(domainError.message);
  }
}

/** Parses a text message. Throws only `BadFrame`. */
export function parseFrame(text: string): ClientFrame {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BadFrame(new DomainError('bad_json', 'the message is not JSON'));
  }
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success)
    throw new BadFrame(new DomainError('bad_envelope', 'the message is not {event, data, id?}'));
  const { event, data, id } = envelope.data;
  if (!isClientEvent(event))
    throw new BadFrame(new DomainError('unknown_event', 'there is no such event'), event, id);
  return parseData(event, data ?? {}, id);
}

function parseData<E extends ClientEventName>(event: E, data: unknown, id: number | undefined): ClientFrame {
  const parsed = CLIENT_EVENTS[event].data.safeParse(data);
  if (!parsed.success) {
    // The error names paths but no values: what a user wrote does not belong in an error.
    const paths = parsed.error.issues
      .slice(0, 5)
      .map(({ path, code }) => `${path.join('.') || 'data'}: ${code}`);
    throw new BadFrame(new DomainError('bad_data', paths.join('; ')), event, id);
  }
  // The schema of exactly this event has just parsed it; TypeScript cannot follow that through the table.
  return { event, data: parsed.data, id } as ClientFrame;
}
