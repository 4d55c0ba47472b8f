import type { ReactNode } from 'react';
import type { RequestError } from '../../errors/request-error';
import { ErrorMessage } from './ErrorMessage';

const LOOKS = { first: 'btn btn--meet', quiet: 'btn btn--quiet', danger: 'btn btn--fill-danger' } as const;

/** The end of a form: its error, the submit button, and what stands next to the button. */
export function Submit({
  of: { error, busy },
  label,
  testId,
  look = 'first',
  children,
}: {
  of: { error: RequestError | null; busy: boolean };
  label: string;
  testId: string;
  look?: keyof typeof LOOKS;
  children?: ReactNode;
}) {
  return (
    <>
      <ErrorMessage error={error} />
      <div className="page__acts">
        {/* Not disabled while the request runs, because a disabled button loses the focus. */}
        <button type="submit" className={LOOKS[look]} data-testid={testId} aria-disabled={busy}>
          {label}
        </button>
        {children}
      </div>
    </>
  );
}
