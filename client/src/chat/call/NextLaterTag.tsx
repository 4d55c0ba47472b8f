import { Undo2 } from 'lucide-react';
import { useNow } from '../../ui/time/useNow';
import { useWords } from '../words';

/** Shown after a swipe: how long it can still be taken back. */
export function NextLaterTag({ at, onUndo }: { at: number; onUndo: () => void }) {
  const words = useWords();
  const left = words.time(at - useNow());
  return (
    <div className="next-later" role="status">
      <span className="num" aria-hidden="true">
        {words.say('swipe.next_in', { time: left })}
      </span>
      {/* A text that changes every second would be announced all the time. */}
      <span className="sr">{words.say('swipe.next')}</span>
      <button type="button" className="btn" data-testid="undo-next" onClick={onUndo}>
        <Undo2 className="i" aria-hidden="true" />
        {words.say('notice.undo')}
      </button>
    </div>
  );
}
