import type { ReactNode } from 'react';
import type { Refused } from '../engine/refused';
import { Refusal } from './Refusal';

const LOOKS = { first: 'btn btn--meet', quiet: 'btn btn--quiet', danger: 'btn btn--fill-danger' } as const;

/** The end of a form: what was refused, the button that sends it, and what stands beside that. */
export function Submit({
  of: { refused, busy },
  label,
  testId,
  look = 'first',
  children,
}: {
  of: { refused: Refused | null; busy: boolean };
  label: string;
  testId: string;
  look?: keyof typeof LOOKS;
  children?: ReactNode;
}) {
  return (
    <>
      <Refusal refused={refused} />
      <div className="page__acts">
        {/* Not disabled while it is busy: the focus would be lost. */}
        <button type="submit" className={LOOKS[look]} data-testid={testId} aria-disabled={busy}>
          {label}
        </button>
        {children}
      </div>
    </>
  );
}
