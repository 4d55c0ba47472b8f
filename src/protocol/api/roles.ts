/**
 * What a caller of the HTTP API is, and what an endpoint requires:
 * - `anyone`: any caller;
 * - `user`: somebody that the browser's cookies name, a guest or an account;
 * - `account`: a user who is logged in;
 * - `operator`: a program or person with the operator token.
 */
export const ROLES = ['anyone', 'user', 'account', 'operator'] as const;
export type Role = (typeof ROLES)[number];
