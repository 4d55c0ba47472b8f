import { useId, type Ref } from 'react';
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
  const [id, line, why] = [useId(), useId(), useId()];
  return (
    <div className="agree">
      <input
        ref={box}
        id={id}
        type="checkbox"
        data-testid="agree"
        checked={agreed}
        aria-labelledby={line}
        aria-invalid={missed}
        aria-describedby={missed ? why : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <span id={line}>
          {words.pieces('agree.line').map((piece) =>
            piece.placeholder === undefined ? (
              <label key={piece.text} htmlFor={id}>
                {piece.text}
              </label>
            ) : (
              <button key={piece.placeholder} type="button" className="link" onClick={onRules}>
                {words.say('agree.rules')}
              </button>
            ),
          )}
        </span>
        {missed ? (
          <p id={why} className="agree__why" role="alert">
            {words.say('agree.needed')}
          </p>
        ) : null}
      </div>
    </div>
  );
}
