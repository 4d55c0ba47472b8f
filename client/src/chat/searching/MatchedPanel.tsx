import { X } from 'lucide-react';
import { foundHeading } from '../messages/shared-interests';
import type { CallView } from '../engine/state';
import { useWords } from '../words';

/** Shown during the match animation of a call that opens at once: what both have in common, and a button to decline. */
export function MatchedPanel({ call, onNo }: { call: CallView; onNo: () => void }) {
  const words = useWords();
  const { name } = call.partner;
  return (
    <>
      <h1 tabIndex={-1}>{foundHeading(call, words)}</h1>
      <p className="sub">{words.say('found.open', { name })}</p>
      <div className="acts">
        <button type="button" className="btn btn--back" data-testid="next-button" onClick={onNo}>
          <X className="i" aria-hidden="true" />
          {words.say('found.no')}
          <kbd aria-hidden="true">N</kbd>
        </button>
      </div>
    </>
  );
}
