import type { CallMedia, Mode, ServerData, ServerMessage, WishesInput } from '../../../src/protocol';
import { REPORT_TYPES } from '../../../src/protocol';
import { newCall, withPartnerState } from './call-view';
import { Conversation } from './conversation';
import { LineKeeper } from './line-keeper';
import { OwnDevices, type DeviceKind } from './own-devices';
import { Search } from './search';
import { Refused, Signal, isDisconnected } from './signal';
import type { CallView, Engine, EngineState, Notice, Phase } from './state';

/** The client without its screens: everything a person can do, and what is to be shown of it. */
export class PasserbyEngine implements Engine {
  private state: EngineState;
  private readonly listeners = new Set<() => void>();
  private readonly signal: Signal;
  private readonly devices: OwnDevices;
  private readonly line: LineKeeper;
  private readonly conversation: Conversation;
  private readonly search: Search;
  /** A call this person has left: what the server still says of it is no longer shown. */
  private leftCall: string | undefined;
  private isGreeted = false;
  private toldMedia = '';
  private noticeSerial = 0;

  constructor(url: string) {
    this.devices = new OwnDevices(
      (kind, track) => this.line.trackChanged(kind, track),
      () => this.devicesChanged(),
    );
    this.signal = new Signal(url, {
      link: (link) => this.set({ link }),
      message: (message) => this.receive(message),
    });
    this.line = new LineKeeper(this.signal, this.devices, () => this.notify('media_unavailable'));
    this.search = new Search(this.signal, {
      phase: () => this.state.phase,
      show: (phase) => this.setPhase(phase),
      refused: (error) => this.refused(error),
      needDevices: (mode) => this.needDevices(mode),
      quietLine: () => this.line.part(),
    });
    this.conversation = new Conversation(this.signal, {
      call: () => this.call(),
      update: (change) => this.updateCall(change),
      refused: (error) => this.refused(error),
    });
    this.state = {
      link: { state: 'connecting' },
      me: null,
      stats: null,
      devices: this.devices.state,
      phase: { phase: 'idle' },
      notice: null,
    };
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
    this.search.skip(phase.call.callId);
  }

  stop(): void {
    const { phase } = this.state;
    if (phase.phase === 'searching') return this.search.cancel();
    this.search.give();
    this.setPhase({ phase: 'idle' });
    this.line.part();
    if (phase.phase !== 'call') return;
    this.leftCall = phase.call.callId;
    this.signal.owe('leave_room', { callId: phase.call.callId });
  }

  stayHere(): void {
    this.search.stay();
    const { phase } = this.state;
    if (phase.phase === 'parted') this.setPhase({ ...phase, nextAt: null });
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
    const call = this.call() ?? this.partedCall();
    const known = REPORT_TYPES.find((name) => name === type);
    if (call === undefined || known === undefined) return;
    this.signal.ask('report_user', { callId: call.callId, type: known, words }).then(
      () => this.notify('reported'),
      (error: unknown) => {
        // Said while the connection was away, it is not lost: it goes out with the next greeting.
        if (isDisconnected(error))
          this.signal.owe('report_user', { callId: call.callId, type: known, words });
        else this.refused(error);
      },
    );
  }

  block(): void {
    const call = this.call() ?? this.partedCall();
    if (call === undefined) return;
    // They are gone from the screen at once, whatever the connection does.
    this.leftCall = call.callId;
    if (this.call() !== undefined) this.search.parted(call, 'blocked');
    this.signal.ask('block_user', { callId: call.callId }).then(
      () => this.notify('blocked'),
      (error: unknown) => {
        if (isDisconnected(error)) this.signal.owe('block_user', { callId: call.callId });
        else this.refused(error);
      },
    );
  }

  reconnectNow(): void {
    this.signal.reconnectNow();
  }

  dismissNotice(): void {
    this.set({ notice: null });
  }

  close(): void {
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
        return this.notify(message.data.reason === 'expired' ? 'search_expired' : 'internal');
      case 'partner_found':
        return this.found(message.data);
      case 'call_media':
        if (this.call()?.callId === message.data.callId)
          void this.joinMedia(message.data.callId, message.data);
        return;
      case 'line_lost':
        return this.line.lost(message.data.lineId);
      case 'notice':
        return this.notify(message.data.code);
      case 'error':
        return this.notify(message.data.code, message.data.retryAfterMs);
      default:
        return this.aboutCall(message);
    }
  }

  private aboutCall(
    message: Extract<
      ServerMessage,
      {
        event:
          | 'call_open'
          | 'partner_state'
          | 'partner_reconnecting'
          | 'partner_disconnected'
          | 'chat_message'
          | 'message_status';
      }
    >,
  ): void {
    const call = this.call();
    if (call === undefined || message.data.callId !== call.callId) return;
    switch (message.event) {
      case 'call_open':
        this.line.unveil();
        return this.updateCall((view) => ({ ...view, accept: null }));
      case 'partner_state':
        return this.updateCall((view) => withPartnerState(view, message.data));
      case 'partner_reconnecting':
        return this.updateCall((view) => ({ ...view, awayUntil: Date.now() + message.data.graceMs }));
      case 'partner_disconnected':
        return this.search.parted(call, message.data.reason);
      case 'chat_message':
        return this.conversation.received(message.data);
      case 'message_status':
        return this.conversation.receipt(message.data);
    }
  }

  private connected(data: ServerData<'connected'>): void {
    this.set({ me: { userId: data.userId, name: data.name }, stats: data.stats });
    this.toldMedia = '';
    this.tellMedia();
    this.line.greeted(data);
    const { phase } = this.state;
    const { session } = data;
    // What the server no longer knows, or what ended while we were away, has ended for us too.
    if (phase.phase === 'call' && session.callId !== phase.call.callId)
      this.search.parted(phase.call, 'lost');
    else if (phase.phase === 'searching' && session.state === 'idle') this.search.again();
    // Only a page that was just loaded takes up what it was doing; what was left in the meantime stays left.
    else if (phase.phase === 'idle' && session.state !== 'idle' && !this.isGreeted) this.search.takeUp();
    this.isGreeted = true;
    this.conversation.sendAgain();
  }

  private found(data: ServerData<'partner_found'>): void {
    performance.mark('passerby:partner-found', {
      detail: { callId: data.callId, matchedAt: data.matchedAt },
    });
    const current = this.call();
    if (current?.callId === data.callId) {
      // We are back in a call we never left: only what may have changed meanwhile.
      if (data.accept === null) {
        this.line.unveil();
        this.updateCall((view) => ({ ...view, accept: null }));
      }
      return;
    }
    if (data.callId === this.leftCall) return;
    if (!this.search.isWanted) {
      // Matched in the very moment in which they stopped looking.
      this.signal.tell('leave_room', { callId: data.callId });
      return;
    }
    this.needDevices(data.mode);
    this.search.stay();
    this.line.part();
    this.setPhase({ phase: 'call', call: newCall(data, new MediaStream(), Date.now()) });
    if (data.media !== null) void this.joinMedia(data.callId, data.media);
  }

  private async joinMedia(callId: string, media: CallMedia): Promise<void> {
    const tracks = await this.line.join(media, this.muted(), this.call()?.accept != null);
    const call = this.call();
    if (tracks === null || call?.callId !== callId) return;
    this.signal.tell('call_media_ready', { callId, generation: media.generation });
    for (const old of call.remote.getTracks()) call.remote.removeTrack(old);
    for (const track of tracks) {
      call.remote.addTrack(track);
      if (track.kind === 'video' || call.mode === 'audio') this.watch(track, callId);
    }
    this.updateCall((view) => ({ ...view }));
  }

  /** A track is muted until its first packet arrives. */
  private watch(track: MediaStreamTrack, callId: string): void {
    const flowing = (): void => {
      if (this.call()?.callId === callId) this.updateCall((view) => ({ ...view, flowing: true }));
    };
    if (track.muted) track.addEventListener('unmute', flowing, { once: true });
    else flowing();
  }

  // What goes out

  private tellMedia(): void {
    const on = (kind: DeviceKind): boolean => {
      const device = this.state.devices[kind];
      return device.state === 'ready' && !device.off;
    };
    const media = { microphone: on('microphone'), camera: on('camera') };
    const words = JSON.stringify(media);
    if (words === this.toldMedia || this.state.link.state !== 'open') return;
    this.toldMedia = words;
    this.signal.tell('media_state', media);
  }

  private muted(): ReadonlySet<DeviceKind> {
    const { devices } = this.state;
    return new Set(
      (['camera', 'microphone'] as const).filter(
        (kind) => devices[kind].state !== 'ready' || devices[kind].off,
      ),
    );
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
    if (lost) this.notify('device_lost');
    this.set({ devices: this.devices.state });
    this.tellMedia();
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
    this.notify(wire.code, wire.retryAfterMs);
  }

  private notify(code: Notice['code'], retryAfterMs?: number): void {
    this.noticeSerial += 1;
    const serial = this.noticeSerial;
    this.set({ notice: { serial, code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } });
  }

  private set(change: Partial<EngineState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
