import type { Catalogue, Line } from '../src/words/catalogue';
import { en } from '../src/words/en';
import { makeWords, type Words } from '../src/words/words';

/** 40 % longer, as other languages may be, with the placeholders left alone. */
const longer = (text: string): string =>
  `${text} ${'ـ'.repeat(Math.ceil(text.length * 0.2))} ${text.slice(0, Math.ceil(text.length * 0.2)).replace(/[{}]/g, '')}`;

const lengthened = (line: Line): Line =>
  typeof line === 'string'
    ? longer(line)
    : { ...line, other: longer(line.other), ...(line.one === undefined ? {} : { one: longer(line.one) }) };

/** A language nobody speaks: long lines that run from right to left, to see whether the screens hold. */
export function pseudoWords(): Words {
  const catalogue = Object.fromEntries(
    Object.entries(en).map(([key, line]) => [key, lengthened(line as Line)]),
  ) as unknown as Catalogue;
  return makeWords('en', 'rtl', catalogue);
}
