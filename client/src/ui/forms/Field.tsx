import { Eye, EyeOff, X } from 'lucide-react';
import { useId, useState } from 'react';
import { useWords } from '../words';
import type { Problem } from './validation';

interface FieldProps {
  label: string;
  hint?: string;
  problem: Problem | null;
  value: string;
  testId?: string;
  autoComplete: string;
  type?: 'text' | 'email' | 'date';
  max?: string;
  onChange: (value: string) => void;
}

/** A text field with its label. A validation problem is shown below it and announced with it. */
export function Field({ label, hint, problem, value, testId, type = 'text', ...props }: FieldProps) {
  const id = useId();
  return (
    <div className="entry">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="entry__input"
        data-testid={testId}
        type={type}
        dir={type === 'text' ? 'auto' : 'ltr'}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete={props.autoComplete}
        max={props.max}
        value={value}
        aria-invalid={problem !== null}
        aria-describedby={describedBy(id, hint, problem)}
        onChange={(event) => props.onChange(event.target.value)}
      />
      <Below id={id} hint={hint} problem={problem} />
    </div>
  );
}

/** A password field whose content can be shown, because people mistype what they cannot see. */
export function PasswordField({
  label,
  hint,
  problem,
  value,
  testId,
  autoComplete,
  onChange,
}: Omit<FieldProps, 'type' | 'max'>) {
  const words = useWords();
  const id = useId();
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="entry">
      <label htmlFor={id}>{label}</label>
      <div className="entry__row">
        <input
          id={id}
          className="entry__input entry__input--password"
          data-testid={testId}
          type={shown ? 'text' : 'password'}
          dir="ltr"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete={autoComplete}
          value={value}
          aria-invalid={problem !== null}
          aria-describedby={describedBy(id, hint, problem)}
          onChange={(event) => onChange(event.target.value)}
        />
        <button
          type="button"
          className="ib entry__eye"
          aria-label={words.say(shown ? 'account.password.hide' : 'account.password.show')}
          onClick={() => setShown(!shown)}
        >
          <Icon className="i" aria-hidden="true" />
        </button>
      </div>
      <Below id={id} hint={hint} problem={problem} />
    </div>
  );
}

function describedBy(id: string, hint: string | undefined, problem: Problem | null): string | undefined {
  const ids = [problem ? `${id}problem` : null, hint === undefined ? null : `${id}hint`];
  return ids.filter(Boolean).join(' ') || undefined;
}

function Below({ id, hint, problem }: { id: string; hint: string | undefined; problem: Problem | null }) {
  return (
    <>
      <ProblemLine id={`${id}problem`} problem={problem} />
      {hint === undefined ? null : (
        <p id={`${id}hint`} className="entry__hint">
          {hint}
        </p>
      )}
    </>
  );
}

export function ProblemLine({ id, problem }: { id: string; problem: Problem | null }) {
  const words = useWords();
  if (!problem) return null;
  return (
    <p id={id} className="entry__problem">
      <X className="i" aria-hidden="true" />
      {words.fill(problem.line, problem.count === undefined ? {} : { count: problem.count })}
    </p>
  );
}
