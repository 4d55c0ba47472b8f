import { REPORT_TYPES } from '../../../src/protocol';
import { isDisconnected } from './refused';
import type { Notices } from './notices';
import type { Signal } from './signal';
import type { CallView } from './state';

export interface ComplaintScene {
  /** The call that goes on, or the one that is still on the screen. */
  call(): CallView | undefined;
  /** They are to be gone from the screen at once. */
  leave(call: CallView): void;
  refused(error: unknown): void;
}

/** Reports and blocks. Said while the connection was away, neither is lost: they go out with the next greeting. */
export class Complaints {
  constructor(
    private readonly signal: Signal,
    private readonly notices: Notices,
    private readonly scene: ComplaintScene,
  ) {}

  report(type: string, words: string): void {
    const call = this.scene.call();
    const known = REPORT_TYPES.find((name) => name === type);
    if (call === undefined || known === undefined) return;
    const report = { callId: call.callId, type: known, words };
    this.signal.ask('report_user', report).then(
      () => this.notices.say('reported'),
      (error: unknown) => {
        if (isDisconnected(error)) this.signal.owe('report_user', report);
        else this.scene.refused(error);
      },
    );
  }

  block(): void {
    const call = this.scene.call();
    if (call === undefined) return;
    this.scene.leave(call);
    this.signal.ask('block_user', { callId: call.callId }).then(
      () => this.notices.say('blocked', { about: call.partner }),
      (error: unknown) => {
        if (isDisconnected(error)) this.signal.owe('block_user', { callId: call.callId });
        else this.scene.refused(error);
      },
    );
  }
}
