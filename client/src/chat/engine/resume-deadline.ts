import type { CallView, ConnectionState, CallEndReason } from './state';

export interface ResumeDeadlineHost {
  call(): CallView | undefined;
  ended(call: CallView, reason: CallEndReason): void;
}

/**
 * Ends a call on this side when the server can no longer resume it: a restarted server has no calls, and any other
 * server keeps them for a limited time only.
 */
export class ResumeDeadline {
  private timer: number | undefined;

  constructor(private readonly host: ResumeDeadlineHost) {}

  follow(connection: ConnectionState): void {
    this.close();
    if (connection.state !== 'reconnecting') return;
    if (connection.why === 'restarting') this.end('shutting_down');
    else
      this.timer = window.setTimeout(() => this.end('away'), (connection.keptUntil ?? 0) - performance.now());
  }

  close(): void {
    window.clearTimeout(this.timer);
  }

  private end(reason: CallEndReason): void {
    const call = this.host.call();
    if (call !== undefined) this.host.ended(call, reason);
  }
}
