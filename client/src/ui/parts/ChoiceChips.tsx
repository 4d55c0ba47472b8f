import { Check } from 'lucide-react';
import type { ReactNode } from 'react';

/** A choice of one or several options, shown as chips. Each chip is a native radio button or checkbox. */
export function ChoiceChips<T extends string>({
  legend,
  hint,
  name,
  choices,
  chosen,
  single = false,
  disabled = false,
  labelOf,
  onToggle,
}: {
  legend: string;
  hint?: string;
  name: string;
  choices: readonly T[];
  chosen: readonly T[];
  single?: boolean;
  disabled?: boolean;
  labelOf: (choice: T) => ReactNode;
  onToggle: (choice: T) => void;
}) {
  return (
    <fieldset className="choices" disabled={disabled}>
      <legend>{legend}</legend>
      {hint === undefined ? null : <p className="choices__hint">{hint}</p>}
      <div className="choices__chips">
        {choices.map((choice) => (
          <label key={choice} className="choice">
            <input
              className="sr"
              type={single ? 'radio' : 'checkbox'}
              name={name}
              checked={chosen.includes(choice)}
              onChange={() => onToggle(choice)}
            />
            <span className="chip">
              <Check className="i choice__tick" aria-hidden="true" />
              {labelOf(choice)}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
