import { useState } from 'react';
import { useWords } from '../words/WordsProvider';

const ROWS = ['keep.call', 'keep.report', 'keep.address', 'keep.wishes'] as const;

/** The whole list of what is kept, and a way to clear the part that is in this browser. */
export function Keep({ onClear }: { onClear: () => void }) {
  const words = useWords();
  const [cleared, setCleared] = useState(false);
  return (
    <section className="keep">
      <div>
        <h2>{words.say('keep.heading')}</h2>
        <p className="keep__lead">{words.say('keep.lead')}</p>
        <button
          type="button"
          className="btn btn--quiet"
          onClick={() => {
            onClear();
            setCleared(true);
          }}
        >
          {words.say('keep.clear')}
        </button>
        <span className="keep__cleared" role="status">
          {cleared ? words.say('keep.cleared') : ''}
        </span>
      </div>
      <dl>
        {ROWS.map((row) => (
          <div key={row}>
            <dt>
              {words.say(row)}
              <small>{words.say(`${row}.more`)}</small>
            </dt>
            <dd>{words.say(`${row}.time`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
