import { z } from 'zod';

/** The position of a shard in its changes, as stored in Redis: a number that grows, and the nonce of the last change. */
export interface Position {
  readonly text: string;
  readonly number: number;
}

/** A change as it was published. Its tickets are not validated yet. */
export interface Change {
  readonly before: string;
  readonly after: Position;
  readonly added: readonly unknown[];
  readonly gone: readonly string[];
}

const MESSAGE = /^(\S+) (\S+) ([+-])/;
const listSchema = z.array(z.unknown());
const idsSchema = z.array(z.string());

/** The position of a shard that never had a ticket. */
const START = '0.';

export function positionOf(text: string | null): Position {
  const number = Number.parseInt(text ?? START, 10);
  if (Number.isNaN(number)) throw new Error('Redis holds the position of a shard that cannot be read');
  return { text: text ?? START, number };
}

/** Throws when the message is not a change. */
export function parseChange(message: string): Change {
  const [head, before, after, kind] = MESSAGE.exec(message) ?? [];
  if (head === undefined || before === undefined || after === undefined)
    throw new Error('a message about tickets cannot be read');
  const payload: unknown = JSON.parse(message.slice(head.length));
  return {
    before,
    after: positionOf(after),
    added: kind === '+' ? listSchema.parse(payload) : [],
    gone: kind === '-' ? idsSchema.parse(payload) : [],
  };
}
