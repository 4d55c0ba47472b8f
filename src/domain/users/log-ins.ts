/** Which log-ins of a user. */
export type LogInSelection = readonly string[] | 'all' | { readonly allBut: string };

/** Whether a log-in is one of them. Null: not a log-in but a guest's session, which ends only with everything. */
export function isSelected(selection: LogInSelection, logInId: string | null): boolean {
  if (selection === 'all') return true;
  if (logInId === null) return false;
  return 'allBut' in selection ? selection.allBut !== logInId : selection.includes(logInId);
}

/** What a user's record says about which log-ins are valid. */
export interface LogInRule {
  /** Raised whenever all log-ins end at once, in the same write as a new password. */
  readonly logInGeneration: number;
  /** The one that such an end has left alone: of the device on which it was asked for. */
  readonly keptLogInId: string | null;
}

/**
 * Whether a log-in is valid. It follows from the user's record alone, so that all log-ins end in the very moment in
 * which the password changes, whatever becomes of their own records.
 */
export const isLogInValid = (
  { logInGeneration, keptLogInId }: LogInRule,
  logIn: { readonly id: string; readonly generation: number },
): boolean => logIn.generation === logInGeneration || logIn.id === keptLogInId;
