import { useId, type Ref } from 'react';
import { Sentence } from '../words/Sentence';
import { useWords } from '../words/WordsProvider';

/** Never ticked beforehand. Pressing Meet without it brings the focus here and says why. */
export function Agreement({
  agreed,
  missed,
  box,
  onChange,
  onRules,
}: {
  agreed: boolean;
  missed: boolean;
  box: Ref<HTMLInputElement>;
  onChange: (agreed: boolean) => void;
  onRules: () => void;
}) {
  const words = useWords();
  const [id, why] = [useId(), useId()];
  return (
    <div className="agree">
      <input
        ref={box}
        id={id}
        type="checkbox"
        data-testid="agree"
        checked={agreed}
        aria-invalid={missed}
        aria-describedby={missed ? why : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <label htmlFor={id}>
          <Sentence line="agree.line" parts={{ rules: words.say('agree.rules') }} />
        </label>{' '}
        <button type="button" className="link" onClick={onRules}>
          {words.say('agree.read')}
        </button>
        {missed ? (
          <p id={why} className="agree__why" role="alert">
            {words.say('agree.needed')}
          </p>
        ) : null}
      </div>
    </div>
  );
}
