import type { Peer } from '../peers/peer';
import { UNNOTICED_MS } from '../peers/peer-registry';
import type { Clock } from '../ports/clock';
import type { Call } from './call';
import type { Calls } from './calls';
import type { Chat } from './chat';
import type { MediaNegotiation } from './media-negotiation';

export interface CallResumptionDeps {
  readonly calls: Calls;
  readonly negotiation: MediaNegotiation;
  readonly chat: Chat;
  readonly clock: Clock;
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
    this.tellOfPartnerAway(call, peer);
  }

  /** Sends what the participant may have missed of the chat, for instance because the bus was away. */
  catchUp(call: Call, peer: Peer): void {
    this.deps.chat.catchUp(call, peer);
  }

  /**
   * A participant who was away when the partner's connection was lost, or whose call was taken over meanwhile, has not been
   * told. A partner who only moves to another node is back before this is said.
   */
  private tellOfPartnerAway(call: Call, peer: Peer): void {
    const { calls, clock } = this.deps;
    const partner = call.other(peer.id).peer;
    if (partner.presence.state !== 'away') return;
    clock.after(UNNOTICED_MS, () => {
      const { presence } = partner;
      const isSame =
        calls.get(call.id) === call &&
        call.participant(peer.id)?.peer === peer &&
        call.other(peer.id).peer === partner;
      if (!isSame || presence.state !== 'away') return;
      const graceMs = Math.max(0, presence.until - clock.elapsed());
      peer.send({ event: 'partner_reconnecting', data: { callId: call.id, graceMs } });
    });
  }
}
