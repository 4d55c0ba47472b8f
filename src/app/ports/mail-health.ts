/** The state of mails, for health and metrics. */
export interface MailHealth {
  /** `down`: the mail server is away, rejects the log-in, or hangs. Always `up` where mails are files. */
  readonly server: 'up' | 'down';
  /** Mails that are being sent, or wait to be tried again. */
  readonly waiting: number;
  /** Mails that were given up since the start. */
  readonly lost: number;
}
