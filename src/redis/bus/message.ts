import { z } from 'zod';

/**
 * A message on a bus's channel: `<sender> <number>`, then the length of each text, then the texts one after the other:
 * `Xy3 17 5,0,2 helloab`. Without texts it is a probe.
 */
export interface BusMessage {
  /** The unique name of the bus that published it. */
  readonly sender: string;
  /** Grows with each message of this sender, over all channels. */
  readonly number: number;
  readonly texts: readonly string[];
}

const HEAD = /^([\w-]+) (\d+)(?: (\d+(?:,\d+)*) )?/;
const numberSchema = z.coerce.number().int().positive();

export function encodeMessage({ sender, number, texts }: BusMessage): string {
  if (texts.length === 0) return `${sender} ${number}`;
  return `${sender} ${number} ${texts.map(({ length }) => length).join(',')} ${texts.join('')}`;
}

/** The most texts in one message. */
export const MOST_TEXTS = 256;

/** Throws when the text is not a message of a bus. */
export function parseMessage(message: string): BusMessage {
  const [head, sender, number, lengths] = HEAD.exec(message) ?? [];
  if (head === undefined || sender === undefined) throw new Error('a message on the bus cannot be read');
  const each = lengths?.split(',') ?? [];
  if (each.length > MOST_TEXTS) throw new Error('a message on the bus has more texts than are ever sent');
  const texts: string[] = [];
  let at = head.length;
  for (const length of each) {
    texts.push(message.slice(at, at + Number(length)));
    at += Number(length);
  }
  if (at !== message.length) throw new Error('a message on the bus is longer or shorter than it says');
  return { sender, number: numberSchema.parse(number), texts };
}
