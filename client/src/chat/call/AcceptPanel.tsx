import { Check } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { acceptOpens } from '../messages/shared-interests';
import { useNow } from '../../ui/time/useNow';
import type { CallView } from '../engine/state';
import { useWords } from '../words';
import { AcceptForms } from './AcceptForms';
import { SharedChips } from './SharedChips';

/** Asks whether to meet the partner, and shows what both have in common, for as long as the question stands. */
export function AcceptPanel({
  call,
  accept,
  onAccept,
  onNext,
}: {
  call: CallView;
  accept: NonNullable<CallView['accept']>;
  onAccept: () => void;
  onNext: () => void;
}) {
  const words = useWords();
  const yes = useRef<HTMLButtonElement>(null);
  const left = words.time(accept.until - useNow());

  useEffect(() => {
    // A match moves the focus here, unless the user is typing in a field.
    if (!(document.activeElement instanceof HTMLTextAreaElement)) yes.current?.focus();
  }, []);

  return (
    <div className="accept">
      <div className="accept__words">
        <AcceptForms you={accept.you} they={accept.they} />
        <h1 tabIndex={-1}>{words.say('accept.heading', { name: call.partner.name })}</h1>
        <SharedChips call={call} />
        <p>{words.say(acceptOpens(call))}</p>
      </div>
      <div className="accept__acts">
        <button type="button" className="btn btn--back" data-testid="next-button" onClick={onNext}>
          {words.say('accept.no')} <kbd aria-hidden="true">N</kbd>
        </button>
        <button
          ref={yes}
          type="button"
          className="btn btn--meet"
          data-testid="accept-button"
          aria-disabled={accept.you}
          onClick={() => {
            if (!accept.you) onAccept();
          }}
        >
          {accept.you ? <Check className="i" aria-hidden="true" /> : null}
          {words.say('accept.yes')}{' '}
          {accept.you ? null : <kbd aria-hidden="true">{words.say('key.enter')}</kbd>}
        </button>
        <p className="accept__turn num">
          {accept.they ? <Check className="i" aria-hidden="true" /> : null}
          {accept.you
            ? words.say('accept.you_yes', { time: left })
            : accept.they
              ? words.say('accept.they_yes', { time: left })
              : words.say('accept.left', { time: left })}
        </p>
      </div>
    </div>
  );
}
