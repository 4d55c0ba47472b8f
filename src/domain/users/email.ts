/**
 * The form in which e-mail addresses are compared. Only the difference in case is ignored: each mail provider handles
 * dots and plus signs in its own way.
 */
export const emailKey = (email: string): string => email.normalize('NFKC').trim().toLowerCase();
