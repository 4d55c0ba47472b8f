/** A letter as it is sent. */
export interface MailMessage {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
}

/** A letter that could not be sent. Says why in a code: what mail servers say quotes addresses. */
export class MailError extends Error {
  constructor(
    readonly code: string,
    /** Whether it may work later. */
    readonly mayWorkLater: boolean,
  ) {
    super(`a letter could not be sent: ${code}`);
    this.name = 'NotCarried';
  }
}

/** A way for letters to go. `carry` throws `MailError`. */
export interface MailTransport {
  send(letter: MailMessage): Promise<void>;
  /** Takes away what it still has of letters and need not keep any longer. */
  tidy(): Promise<void>;
  close(): void;
}
