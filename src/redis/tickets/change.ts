import { z } from 'zod';

/** Where a shard is in its changes, as Redis keeps it: a number that grows, and which call made the last one. */
export interface Position {
  readonly text: string;
  readonly number: number;
}

/** A change as it was published. Tickets are still to be checked, one by one. */
export interface Change {
  readonly before: string;
  readonly after: Position;
  readonly added: readonly unknown[];
  readonly gone: readonly string[];
}

const MESSAGE = /^(\S+) (\S+) ([+-])/;
const listSchema = z.array(z.unknown());
const idsSchema = z.array(z.string());

/** The position of a shard that nothing was ever put into. */
const START = '0.';

export function positionOf(text: string | null): Position {
  const number = Number.parseInt(text ?? START, 10);
  if (Number.isNaN(number)) throw new Error('Redis holds the position of a shard that cannot be read');
  return { text: text ?? START, number };
}

/** Throws where the message is none of ours. */
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
