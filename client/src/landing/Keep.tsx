import { useState } from 'react';
import { Link } from '../parts/Link';
import { KeepList } from '../privacy/KeepList';
import { KEPT_OF_EVERYBODY } from '../privacy/kept';
import { useWords } from '../words/WordsProvider';

/** What is kept, and a way to clear the part that is in this browser. */
export function Keep({ onClear }: { onClear: (() => void) | null }) {
  const words = useWords();
  const [cleared, setCleared] = useState(false);
  return (
    <section className="keep">
      <div>
        <h2>{words.say('keep.heading')}</h2>
        <p className="keep__lead">{words.say('keep.lead')}</p>
        {onClear ? (
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
        ) : null}
        <span className="keep__cleared" role="status">
          {cleared ? words.say('keep.cleared') : ''}
        </span>
        <p className="keep__all">
          <Link to="privacy" className="link">
            {words.say('keep.all')}
          </Link>
        </p>
      </div>
      <KeepList rows={KEPT_OF_EVERYBODY} />
    </section>
  );
}
