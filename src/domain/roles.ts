import type { Role } from '../protocol';

/** The other roles that a role includes. Roles that do not include each other have nothing to do with each other. */
const INCLUDED = {
  anyone: [],
  user: ['anyone'],
  account: ['anyone', 'user'],
  operator: ['anyone'],
} as const satisfies Readonly<Record<Role, readonly Role[]>>;

/** The roles that satisfy a required role: the role itself and every role that includes it. */
export type Satisfying<Required extends Role> = {
  [Own in Role]: Required extends Own | (typeof INCLUDED)[Own][number] ? Own : never;
}[Role];

/** Whether a caller with the role `own` may do what the role `required` may do. */
export function isAllowed<Required extends Role>(own: Role, required: Required): own is Satisfying<Required> {
  const included: readonly Role[] = INCLUDED[own];
  return own === required || included.includes(required);
}
