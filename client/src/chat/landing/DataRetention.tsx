import { useState } from 'react';
import { Link } from '../navigation/Link';
import { RetentionList } from '../pages/privacy/RetentionList';
import { BASIC_RETENTION_ROWS } from '../pages/privacy/retention';
import { useWords } from '../words';

/** What data is stored and for how long, and a button to clear what is stored in this browser. */
export function DataRetention({ onClear }: { onClear: () => void }) {
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
          data-testid="clear-button"
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
        <p className="keep__all">
          <Link to="privacy" className="link">
            {words.say('keep.all')}
          </Link>
        </p>
      </div>
      <RetentionList rows={BASIC_RETENTION_ROWS} />
    </section>
  );
}
