/** A mail as it is sent. */
export interface MailMessage {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
}

/** A mail could not be sent. The reason is a code, because the messages of mail servers quote addresses. */
export class MailError extends Error {
  constructor(
    readonly code: string,
    /** Whether it may work later. */
    readonly mayWorkLater: boolean,
    /** Whether the server cannot be used for any mail, rather than for this one. */
    readonly isServerAway = false,
  ) {
    super(`a mail could not be sent: ${code}`);
    this.name = 'MailError';
  }
}

/** Sends mails. `send` throws `MailError`. */
export interface MailTransport {
  send(mail: MailMessage): Promise<void>;
  /** Talks to the server without sending anything; throws `MailError`. Missing where there is no server. */
  look?(): Promise<void>;
  /** Deletes mails that it stores and need not keep any longer. */
  tidy(): Promise<void>;
  close(): void;
}
