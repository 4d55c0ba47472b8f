import { Plus, X } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { LIMITS } from '../../../../src/protocol';
import { useWords } from '../words';
import { takeInterests, type InterestProblem } from './wishes-form';

/** The user's interests as chips. Enter or a comma adds one, Backspace removes the last one. */
export function Interests({
  interests,
  onChange,
}: {
  interests: readonly string[];
  onChange: (interests: readonly string[]) => void;
}) {
  const words = useWords();
  const label = useId();
  const hint = useId();
  const addButton = useRef<HTMLButtonElement>(null);
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<InterestProblem | null>(null);

  /** Whether all of the text became chips. */
  const take = (text: string, done: boolean): boolean => {
    const taken = takeInterests(text, interests, done);
    if (taken.interests.length > interests.length) onChange(taken.interests);
    setProblem(taken.problem);
    setDraft(taken.rest);
    return taken.problem === null;
  };

  const close = () => {
    setDraft(null);
    setProblem(null);
    // The button replaces the field, so it gets the focus.
    requestAnimationFrame(() => addButton.current?.focus());
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (draft === '') close();
      else take(draft ?? '', true);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (event.key === 'Backspace' && draft === '') {
      onChange(interests.slice(0, -1));
    }
  };

  const problemLine =
    problem === 'full'
      ? words.say('interest.problem.full', { count: LIMITS.interests })
      : problem === 'long'
        ? words.say('interest.problem.long', { count: LIMITS.interestChars })
        : problem && words.say(`interest.problem.${problem}`);

  return (
    <div className="row">
      <span id={label}>{words.say('landing.interests')}</span>
      <div role="group" aria-labelledby={label}>
        {interests.map((interest) => (
          <button
            key={interest}
            type="button"
            className="chip"
            aria-label={words.say('interest.remove', { interest })}
            onClick={() => onChange(interests.filter((other) => other !== interest))}
          >
            <span className="chip__words">{interest}</span>
            <X className="i" aria-hidden="true" />
          </button>
        ))}
        {draft === null ? (
          <button
            ref={addButton}
            type="button"
            className="chip chip--add"
            aria-label={words.say('interest.add.name')}
            onClick={() => setDraft('')}
          >
            <Plus className="i" aria-hidden="true" />
            {words.say('interest.add')}
          </button>
        ) : (
          <input
            className="chip chip--input"
            autoFocus
            aria-label={words.say('interest.input')}
            aria-invalid={problem !== null}
            aria-describedby={hint}
            autoComplete="off"
            enterKeyHint="done"
            value={draft}
            onChange={(event) => {
              if ((event.nativeEvent as InputEvent).isComposing) setDraft(event.target.value);
              else take(event.target.value, false);
            }}
            onKeyDown={onKeyDown}
            onBlur={() => {
              if (take(draft, true)) setDraft(null);
            }}
          />
        )}
        <p id={hint} className="row__problem" role="status">
          {problemLine}
        </p>
      </div>
    </div>
  );
}
