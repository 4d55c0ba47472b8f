import { Plus, X } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { LIMITS } from '../../../src/protocol';
import { useWords } from '../words/WordsProvider';
import { interestFrom, type InterestProblem } from './wishes-form';

/** What a person would like to talk about, as chips. Enter or a comma adds, Backspace takes the last one back. */
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

  const add = (text: string): boolean => {
    const result = interestFrom(text, interests);
    if (result && 'problem' in result) {
      setProblem(result.problem);
      return false;
    }
    setProblem(null);
    if (result) onChange([...interests, result.interest]);
    return true;
  };

  const close = () => {
    setDraft(null);
    setProblem(null);
    // The button takes the field's place, so the focus goes there rather than to the top of the page.
    requestAnimationFrame(() => addButton.current?.focus());
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      if (draft === '') close();
      else if (add(draft ?? '')) setDraft('');
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
              setDraft(event.target.value);
              setProblem(null);
            }}
            onKeyDown={onKeyDown}
            onBlur={() => {
              if (add(draft)) setDraft(null);
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
