import { crc32 } from 'node:zlib';
import { fromDatedJson, toDatedJson } from './dated-json';

const DIGITS = 8;

const sumOf = (json: string): string => crc32(json).toString(16).padStart(DIGITS, '0');

/** A value as a line of text with a checksum before it, so that damage is noticed even where it is still JSON. */
export function toLine(value: unknown): string {
  const json = toDatedJson(value);
  return `${sumOf(json)} ${json}\n`;
}

export type Line = { readonly kind: 'whole'; readonly value: unknown } | { readonly kind: 'damaged' };

/** Reads a line without its end. */
export function fromLine(line: string): Line {
  const json = line.slice(DIGITS + 1);
  if (line[DIGITS] !== ' ' || line.slice(0, DIGITS) !== sumOf(json)) return { kind: 'damaged' };
  try {
    return { kind: 'whole', value: fromDatedJson(json) };
  } catch {
    return { kind: 'damaged' };
  }
}
