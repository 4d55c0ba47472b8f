import type { KEPT } from './kept';
import { useWords } from '../words/WordsProvider';

/** What is kept, and for how long: one row each. */
export function KeepList({ rows }: { rows: readonly (typeof KEPT)[number][] }) {
  const words = useWords();
  return (
    <dl className="rows-list">
      {rows.map((row) => (
        <div key={row}>
          <dt>
            {words.say(row)}
            <small>{words.say(`${row}.more`)}</small>
          </dt>
          <dd>{words.say(`${row}.time`)}</dd>
        </div>
      ))}
    </dl>
  );
}
