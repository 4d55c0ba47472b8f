import type { Peer } from '../peers/peer';
import type { Call } from './call';
import type { Calls } from './calls';
import type { Chat } from './chat';
import type { MediaNegotiation } from './media-negotiation';

export interface CallResumptionDeps {
  readonly calls: Calls;
  readonly negotiation: MediaNegotiation;
  readonly chat: Chat;
}

/** A participant is in their call with a new socket, here or at another gateway. */
export class CallResumption {
  constructor(private readonly deps: CallResumptionDeps) {}

  /** They are sent everything about the call, and the partner their state. */
  resume(call: Call, peer: Peer): void {
    const { calls, negotiation, chat } = this.deps;
    calls.announceTo(call, peer, null, true);
    calls.sendState(call, peer);
    negotiation.repeatOffer(call);
    chat.catchUp(call, peer);
  }
}
