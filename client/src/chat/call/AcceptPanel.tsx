import { Check } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { acceptMessage } from '../messages/shared-interests';
import { useNow } from '../../ui/time/useNow';
import type { CallView } from '../engine/state';
import { useWords } from '../words';

/** Asks whether to meet the partner. Each of two shapes is filled when its person has accepted. */
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
      <AcceptForms you={accept.you} they={accept.they} />
      <h1 tabIndex={-1}>{words.say('accept.heading', { name: call.partner.name })}</h1>
      <p>{acceptMessage(call, words)}</p>
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
      </div>
      <p className="accept__turn num">
        {accept.they ? <Check className="i" aria-hidden="true" /> : null}
        {accept.you
          ? words.say('accept.you_yes', { time: left })
          : accept.they
            ? words.say('accept.they_yes', { time: left })
            : words.say('accept.left', { time: left })}
      </p>
    </div>
  );
}

const TICK = { they: 'm17 33 8 8 15-16', you: 'm79 55 8 8 15-16' } as const;

function AcceptForms({ you, they }: { you: boolean; they: boolean }) {
  return (
    <svg className="forms" viewBox="0 0 118 90" aria-hidden="true">
      <path
        className={they ? 'forms__they' : 'forms__they forms__open'}
        d="M10 4h30a29 29 0 0 1 0 58H10a8 8 0 0 1-8-8V12a8 8 0 0 1 8-8Z"
      />
      <path
        className={you ? 'forms__you' : 'forms__you forms__open'}
        d="M108 26H78a29 29 0 0 0 0 58h30a8 8 0 0 0 8-8V34a8 8 0 0 0-8-8Z"
      />
      {they ? <path className="forms__tick" d={TICK.they} /> : null}
      {you ? <path className="forms__tick" d={TICK.you} /> : null}
    </svg>
  );
}
