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

/** Brings a participant up to date who is back in their call on a new socket, at this gateway or at another one. */
export class CallResumption {
  constructor(private readonly deps: CallResumptionDeps) {}

  /** Sends everything about the call to the participant, and the participant's state to the partner. */
  resume(call: Call, peer: Peer): void {
    const { calls, negotiation, chat } = this.deps;
    calls.announceTo(call, peer, null, true);
    calls.sendState(call, peer);
    negotiation.repeatOffer(call);
    chat.catchUp(call, peer);
  }
}
