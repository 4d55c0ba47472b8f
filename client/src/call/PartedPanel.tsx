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
