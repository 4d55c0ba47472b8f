import type { RETENTION_ROWS } from './retention';
import { useWords } from '../../words';

/** What data is stored and for how long, one row each. */
export function RetentionList({ rows }: { rows: readonly (typeof RETENTION_ROWS)[number][] }) {
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
