import { Fragment, type ReactNode } from 'react';
import type { Key } from './catalogue';
import { useWords } from './WordsProvider';

/** A line of the catalogue in which placeholders become elements, such as a link in mid-sentence. */
export function Sentence({ line, parts }: { line: Key; parts: Readonly<Record<string, ReactNode>> }) {
  const words = useWords();
  return words
    .pieces(line)
    .map((piece, index) => (
      <Fragment key={index}>{piece.placeholder === undefined ? piece.text : parts[piece.placeholder]}</Fragment>
    ));
}
