/**
 * The one form in which e-mail addresses are compared. Case is the only difference that is looked past: what a mail
 * provider does with dots and plus signs is its own business.
 */
export const emailKey = (email: string): string => email.normalize('NFKC').trim().toLowerCase();
