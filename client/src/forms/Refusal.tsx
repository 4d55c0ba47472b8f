import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { errorLine } from '../app/sentences';
import type { Refused } from '../engine/refused';
import { useWords } from '../words/WordsProvider';

/** What was refused, at the button that asked for it. */
export function Refusal({ refused, children }: { refused: Refused | null; children?: ReactNode }) {
  const words = useWords();
  return (
    <div className="refusal" role="alert">
      {refused ? (
        <p>
          {errorLine(refused.wire, Date.now(), words)} {children}
        </p>
      ) : null}
    </div>
  );
}

/** What was done, said once, beside the button that did it. */
export function Done({ children }: { children: string | null }) {
  return (
    <span className="done" role="status">
      {children === null ? null : <Check className="i" aria-hidden="true" />}
      {children}
    </span>
  );
}
