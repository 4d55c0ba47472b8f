/** What is written to people, and why. */
export type MailKind =
  /** They asked for a new password; whoever has the token may choose one, for an hour. */
  | { readonly kind: 'reset'; readonly token: string }
  /** Their password was changed: if it was not them, they should know. */
  | { readonly kind: 'password_changed' };

export interface Addressee {
  readonly email: string;
  readonly name: string;
  /** As their browser says it, `Accept-Language`. */
  readonly languages: string;
}

/** Takes letters to people. */
export interface Mailer {
  /** Never waits and never throws: a request must not tell by its time or its answer whether a letter was sent. */
  send(to: Addressee, letter: MailKind): void;
  /** Resolves when what was handed over is sent, or given up. */
  close(): Promise<void>;
}
