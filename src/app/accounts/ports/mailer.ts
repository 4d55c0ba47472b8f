/** An e-mail to a user, by its reason. */
export type MailKind =
  /** The user requested a new password. The holder of the token may choose one, for an hour. */
  | { readonly kind: 'reset'; readonly token: string }
  /** Somebody registered with this address. The holder of the token and the chosen password gets the account. */
  | { readonly kind: 'confirm_account'; readonly token: string }
  /** Somebody registered with this address, which has an account already. */
  | { readonly kind: 'already_registered' }
  /** The user's password was changed. The user is told in case they did not do it. */
  | { readonly kind: 'password_changed' };

export interface Addressee {
  readonly email: string;
  readonly name: string;
  /** The browser's `Accept-Language` header. */
  readonly languages: string;
}

/** Sends e-mails to users. */
export interface Mailer {
  /** Never waits and never throws: neither the time nor the reply of a request may show whether an e-mail was sent. */
  send(to: Addressee, letter: MailKind): void;
  /** Resolves when every e-mail so far is sent or given up. */
  close(): Promise<void>;
}
