import { endLine } from '../app/sentences';
import { useNow } from '../app/useNow';
import type { Phase } from '../engine/state';
import { useWords } from '../words/WordsProvider';

/** They are gone: why, and when the search goes on by itself unless somebody wants to stay. */
export function PartedPanel({
  parted,
  onStayHere,
}: {
  parted: Extract<Phase, { phase: 'parted' }>;
  onStayHere: () => void;
}) {
  const words = useWords();
  const now = useNow();
  return (
    <div className="parted">
      <svg className="parted__forms" viewBox="0 0 150 96" aria-hidden="true">
        <path className="y" d="M52 28H30a28 28 0 0 0 0 56h22a8 8 0 0 0 8-8V36a8 8 0 0 0-8-8Z" />
        <path className="t" d="M98 12h22a28 28 0 0 1 0 56H98a8 8 0 0 1-8-8V20a8 8 0 0 1 8-8Z" />
      </svg>
      <h2>{endLine(parted, words)}</h2>
      {parted.nextAt === null ? (
        <p>{words.say('parted.staying')}</p>
      ) : (
        <>
          <p className="num">{words.say('parted.next_in', { time: words.time(parted.nextAt - now) })}</p>
          <button type="button" className="btn btn--quiet" onClick={onStayHere}>
            {words.say('parted.stay')}
          </button>
        </>
      )}
      {parted.call.chat.length > 0 ? <p className="parted__chat">{words.say('parted.chat')}</p> : null}
    </div>
  );
}
