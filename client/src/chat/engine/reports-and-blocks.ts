import { REPORT_TYPES } from '../../../../src/protocol';
import { isDisconnected } from '../../errors/request-error';
import type { Notices } from './notices';
import type { SignalingClient } from './signaling-client';
import type { CallView } from './state';

export interface ReportsHost {
  /** The current call, or the ended one that is still on the screen. */
  call(): CallView | undefined;
  /** Removes the partner from the screen at once. */
  leave(call: CallView): void;
  requestFailed(error: unknown): void;
}

/** Sends reports and blocks. Without a connection, both are sent reliably after the next `connected`. */
export class ReportsAndBlocks {
  constructor(
    private readonly signaling: SignalingClient,
    private readonly notices: Notices,
    private readonly host: ReportsHost,
  ) {}

  report(type: string, words: string): void {
    const call = this.host.call();
    const known = REPORT_TYPES.find((name) => name === type);
    if (call === undefined || known === undefined) return;
    const report = { callId: call.callId, type: known, words };
    this.signaling.request('report_user', report).then(
      () => this.notices.say('reported', { about: call.partner }),
      (error: unknown) => {
        if (isDisconnected(error)) this.signaling.sendReliably('report_user', report);
        else this.host.requestFailed(error);
      },
    );
  }

  block(): void {
    const call = this.host.call();
    if (call === undefined) return;
    this.host.leave(call);
    this.signaling.request('block_user', { callId: call.callId }).then(
      () => this.notices.say('blocked', { about: call.partner }),
      (error: unknown) => {
        if (isDisconnected(error)) this.signaling.sendReliably('block_user', { callId: call.callId });
        else this.host.requestFailed(error);
      },
    );
  }
}
