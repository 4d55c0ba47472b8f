import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { errorMessage } from '../errors/error-message';
import type { RequestError } from '../../errors/request-error';
import { useWords } from '../words';

/** The error of a request, shown next to the button that sent it. */
export function ErrorMessage({ error, children }: { error: RequestError | null; children?: ReactNode }) {
  const words = useWords();
  return (
    <div className="error-message" role="alert">
      {error ? (
        <p>
          {errorMessage(error.details, Date.now(), words)} {children}
        </p>
      ) : null}
    </div>
  );
}

/** A confirmation, announced once, next to the button that caused it. */
export function DoneMessage({ children }: { children: string | null }) {
  return (
    <span className="done" role="status">
      {children === null ? null : <Check className="i" aria-hidden="true" />}
      {children}
    </span>
  );
}
