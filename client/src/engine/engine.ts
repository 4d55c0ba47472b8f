import type { Mode, ServerData, ServerMessage, WishesInput } from '../../../src/protocol';
import { talkBegins, talksSince } from './call-clock';
import { newCall, withPartnerAway, withPartnerState, type AboutCall } from './call-view';
import { Complaints } from './complaints';
import { Conversation } from './conversation';
import { CallPictures } from './call-pictures';
import { HeldPlace } from './held-place';
import { LineKeeper } from './line-keeper';
import { Notices } from './notices';
import { OwnDevices, type DeviceKind } from './own-devices';
import { Search } from './search';
import { Refused, isDisconnected } from './refused';
import { Signal } from './signal';
import type { CallView, Engine, EngineState, Phase } from './state';

const BEGINNING: Omit<EngineState, 'devices'> = {
  link: { state: 'connecting' },
  me: null,
  stats: null,
  phase: { phase: 'idle' },
  notice: null,
};

/** The client without its screens: everything a person can do, and what is to be shown of it. */
export class PasserbyEngine implements Engine {
  private state: EngineState;
  private readonly listeners = new Set<() => void>();
  private readonly signal: Signal;
  private readonly devices: OwnDevices;
  private readonly line: LineKeeper;
  private readonly pictures: CallPictures;
  private readonly conversation: Conversation;
  private readonly complaints: Complaints;
  private readonly search: Search;
  private readonly notices = new Notices((notice) => this.set({ notice }));
  /** A call this person has left: what the server still says of it is no longer shown. */
  private leftCall: string | undefined;
  private isGreeted = false;
  private readonly place = new HeldPlace({
    call: () => this.call(),
    parted: (call, reason) => this.search.parted(call, reason),
  });

  constructor(url: string) {
    this.devices = new OwnDevices(
      (kind, track) => this.line.trackChanged(kind, track),
      () => this.devicesChanged(),
    );
    this.signal = new Signal(url, {
      link: (link) => {
        // How many people are here is not known without a connection.
        this.set(link.state === 'open' ? { link } : { link, stats: null });
        this.place.follow(link);
      },
      message: (message) => this.receive(message),
      signedOut: () => this.signedOut(),
    });
    this.line = new LineKeeper(this.signal, this.devices, {
      unavailable: () => this.notices.say('media_unavailable'),
      restored: () => this.notices.withdraw('media_unavailable'),
    });
    this.search = new Search(this.signal, {
      phase: () => this.state.phase,
      show: (phase) => this.setPhase(phase),
      refused: (error) => this.refused(error),
      needDevices: (mode) => this.needDevices(mode),
      quietLine: () => this.line.part(),
      hasAge: () => this.state.me?.isAnonymous === false,
    });
    this.pictures = new CallPictures(this.signal, this.line, {
      call: () => this.call(),
      update: (change) => this.updateCall(change),
      devices: () => this.state.devices,
    });
    this.conversation = new Conversation(this.signal, {
      call: () => this.call(),
      update: (change) => this.updateCall(change),
      refused: (error) => this.refused(error),
    });
    this.complaints = new Complaints(this.signal, this.notices, {
      call: () => this.call() ?? this.partedCall(),
      leave: (call) => {
        this.leftCall = call.callId;
        if (this.call() !== undefined) this.search.parted(call, 'blocked');
      },
      refused: (error) => this.refused(error),
    });
    this.state = { ...BEGINNING, devices: this.devices.state };
    this.signal.connect();
  }

  getState(): EngineState {
    return this.state;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  askDevices(mode: Mode): void {
    void this.devices.ask(mode, true).then(() => this.line.want());
  }

  chooseDevice(kind: DeviceKind, deviceId: string): void {
    void this.devices.choose(kind, deviceId);
  }

  setMicrophone(on: boolean): void {
    this.line.setSending('microphone', on);
    void this.devices.switch('microphone', on);
  }

  setCamera(on: boolean): void {
    this.line.setSending('camera', on);
    void this.devices.switch('camera', on);
  }

  level(): number {
    return this.devices.level();
  }

  find(wishes: WishesInput): void {
    this.search.find(wishes);
  }

  cancelSearch(): void {
    if (this.state.phase.phase === 'searching') this.search.cancel();
  }

  accept(): void {
    const call = this.call();
    if (call?.accept == null || call.accept.you) return;
    this.updateCall((view) => ({ ...view, accept: view.accept && { ...view.accept, you: true } }));
    this.signal.ask('accept_partner', { callId: call.callId }).catch((error: unknown) => {
      if (isDisconnected(error)) this.signal.owe('accept_partner', { callId: call.callId });
      else this.refused(error);
    });
  }

  next(): void {
    const { phase } = this.state;
    if (phase.phase === 'parted') this.search.again();
    if (phase.phase !== 'call') return;
    this.leftCall = phase.call.callId;
    this.search.skip(phase.call);
  }

  stop(): void {
    const { phase } = this.state;
    if (phase.phase === 'searching') return this.search.cancel();
    this.search.give();
    this.setPhase({ phase: 'idle' });
    this.line.part();
    if (phase.phase !== 'call') return;
    this.leftCall = phase.call.callId;
    this.search.hasMet(phase.call);
    this.signal.owe('leave_room', { callId: phase.call.callId });
  }

  stayHere(): void {
    this.search.stay();
    const { phase } = this.state;
    if (phase.phase === 'parted') this.setPhase({ ...phase, nextAt: null });
  }

  holdNext(held: boolean): void {
    this.search.hold(held);
  }

  say(text: string): void {
    this.conversation.say(text);
  }

  retry(messageId: string): void {
    this.conversation.retry(messageId);
  }

  setTyping(typing: boolean): void {
    this.conversation.setTyping(typing);
  }

  markRead(): void {
    this.conversation.markRead();
  }

  report(type: string, words: string): void {
    this.complaints.report(type, words);
  }

  block(): void {
    this.complaints.block();
  }

  identityChanged(): void {
    this.startAfresh();
    // Logging out here ends the log-in of this socket too, and nobody has to be told what they just did.
    this.notices.withdraw('signed_out');
    this.signal.startOver();
  }

  reconnectNow(): void {
    this.signal.reconnectNow();
  }

  dismissNotice(): void {
    this.notices.dismiss();
  }

  close(): void {
    this.place.close();
    this.search.give();
    this.signal.close();
    this.line.close();
    this.devices.close();
  }

  // What arrives

  private receive(message: ServerMessage): void {
    switch (message.event) {
      case 'connected':
        return this.connected(message.data);
      case 'stats':
        return this.set({ stats: message.data });
      case 'waiting_for_partner':
        return this.search.waiting(message.data);
      case 'search_ended':
        this.setPhase({ phase: 'idle' });
        return this.notices.say(message.data.reason === 'expired' ? 'search_expired' : 'internal');
      case 'partner_found':
        return this.found(message.data);
      case 'call_media':
        if (this.call()?.callId === message.data.callId)
          void this.pictures.join(message.data.callId, message.data);
        return;
      case 'line_lost':
      case 'line_move':
        return this.line.heard(message);
      case 'notice':
        return this.notices.say(
          message.data.code,
          message.data.code === 'plan_minutes_low' ? { leftMs: message.data.leftMs } : {},
        );
      case 'error':
        return this.notices.say(message.data.code, message.data);
      default:
        return this.aboutCall(message);
    }
  }

  private aboutCall(message: AboutCall): void {
    const call = this.call();
    if (call === undefined || message.data.callId !== call.callId) return;
    switch (message.event) {
      case 'call_open':
        return this.opened(call);
      case 'partner_state':
        return this.updateCall((view) => withPartnerState(view, message.data));
      case 'partner_reconnecting':
        return this.updateCall((view) => withPartnerAway(view, message.data, Date.now()));
      case 'partner_disconnected':
        return this.search.parted(call, message.data.reason);
      case 'chat_message':
        return this.conversation.received(message.data);
      case 'message_status':
        return this.conversation.receipt(message.data);
    }
  }

  private connected(data: ServerData<'connected'>): void {
    const { userId, name, isAnonymous, plan } = data;
    this.set({ me: { userId, name, isAnonymous, plan }, stats: data.stats });
    this.pictures.tellAgain();
    this.line.greeted(data);
    // What a server said of its going away is over with the next greeting.
    this.notices.withdraw('shutting_down');
    const { phase } = this.state;
    const { session } = data;
    // What the server no longer knows, or what ended while we were away, has ended for us too.
    if (phase.phase === 'call' && session.callId !== phase.call.callId)
      this.search.parted(phase.call, 'away');
    else if (phase.phase === 'searching' && (session.state === 'idle' || this.isLeaving(session.callId)))
      this.search.again();
    // Only a page that was just loaded takes up what it was doing; what was left in the meantime stays left.
    else if (phase.phase === 'idle' && session.state !== 'idle' && !this.isGreeted) this.search.takeUp();
    this.isGreeted = true;
    this.search.greeted();
    this.conversation.sendAgain();
  }

  /** Both have said yes. */
  private opened({ callId, accept }: CallView): void {
    this.line.unveil();
    if (accept === null) return;
    const startedAt = talkBegins(callId, Date.now());
    this.updateCall((view) => ({ ...view, accept: null, startedAt }));
  }

  /** The server has not heard yet that this call was left, nor of the search that was begun after that. */
  private isLeaving(callId: string | null): boolean {
    return callId === this.leftCall && this.search.isUnheard;
  }

  private found(data: ServerData<'partner_found'>): void {
    performance.mark('passerby:partner-found', {
      detail: { callId: data.callId, matchedAt: data.matchedAt },
    });
    const current = this.call();
    if (current?.callId === data.callId) {
      // We are back in a call we never left: only what may have changed meanwhile.
      if (data.accept === null) this.opened(current);
      return;
    }
    if (data.callId === this.leftCall) return;
    if (!this.search.isWanted) {
      // Matched in the very moment in which they stopped looking.
      this.signal.owe('leave_room', { callId: data.callId });
      return;
    }
    this.needDevices(data.mode);
    this.search.stay();
    this.line.part();
    const now = Date.now();
    const opensNow = data.accept === null && !data.again;
    const since = opensNow ? talkBegins(data.callId, now) : talksSince(data.callId);
    // A call that was given up on this side while the server still held it goes on with what was written.
    const chat = this.partedCall()?.callId === data.callId ? (this.partedCall()?.chat ?? []) : [];
    this.setPhase({ phase: 'call', call: { ...newCall(data, new MediaStream(), now, since), chat } });
    if (data.media !== null) void this.pictures.join(data.callId, data.media);
  }

  // State

  /** After a reload a search or a call goes on, with the devices it had. */
  private needDevices(mode: Mode): void {
    void this.devices.ask(mode, false).then(() => this.line.want());
  }

  private devicesChanged(): void {
    const lost = (['camera', 'microphone'] as const).some((kind) => {
      const [before, now] = [this.state.devices[kind], this.devices.state[kind]];
      return before.state === 'ready' && now.state === 'faulty' && now.fault === 'lost';
    });
    if (lost) this.notices.say('device_lost');
    this.set({ devices: this.devices.state });
    this.pictures.tell();
  }

  private signedOut(): void {
    this.startAfresh();
    this.notices.say('signed_out');
  }

  /** Nothing of what the one before was doing goes on in the next one's name. */
  private startAfresh(): void {
    this.search.forget();
    this.line.part();
    this.leftCall = undefined;
    this.isGreeted = false;
    this.set({ me: null, phase: { phase: 'idle' } });
  }

  private call(): CallView | undefined {
    return this.state.phase.phase === 'call' ? this.state.phase.call : undefined;
  }

  private partedCall(): CallView | undefined {
    return this.state.phase.phase === 'parted' ? this.state.phase.call : undefined;
  }

  private updateCall(change: (call: CallView) => CallView): void {
    const call = this.call();
    if (call !== undefined) this.setPhase({ phase: 'call', call: change(call) });
  }

  private setPhase(phase: Phase): void {
    this.set({ phase });
  }

  private refused(error: unknown): void {
    if (!(error instanceof Refused)) throw error;
    const { wire } = error;
    // The state of the connection says it better.
    if (wire.code === 'disconnected') return;
    this.notices.say(wire.code, wire);
  }

  private set(change: Partial<EngineState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
