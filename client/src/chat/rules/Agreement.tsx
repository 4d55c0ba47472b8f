import { useId, type Ref } from 'react';
import type { Key, PlainKey } from '../words';
import { useWords } from '../words';

/**
 * The agreement to the rules. It is never checked in advance. Submitting without it moves the focus here and shows
 * why.
 */
export function Agreement({
  line,
  needed,
  testId,
  agreed,
  missed,
  box,
  onChange,
  onRules,
}: {
  /** The message contains `{rules}`, which becomes the button that opens the rules. */
  line: Key;
  needed: PlainKey;
  testId: string;
  agreed: boolean;
  missed: boolean;
  box?: Ref<HTMLInputElement>;
  onChange: (agreed: boolean) => void;
  onRules: () => void;
}) {
  const words = useWords();
  const [id, lineId, why] = [useId(), useId(), useId()];
  return (
    <div className="agree">
      <input
        ref={box}
        id={id}
        type="checkbox"
        data-testid={testId}
        checked={agreed}
        aria-labelledby={lineId}
        aria-invalid={missed}
        aria-describedby={missed ? why : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <span id={lineId}>
          {words.pieces(line).map((piece) =>
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
            {words.say(needed)}
          </p>
        ) : null}
      </div>
    </div>
  );
}
