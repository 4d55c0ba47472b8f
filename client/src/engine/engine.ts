import type {
  CallMedia,
  ErrorCode,
  Mode,
  ServerData,
  ServerMessage,
  WishesInput,
} from '../../../src/protocol';
import { REPORT_TYPES, wishesSchema } from '../../../src/protocol';
import { newCall, withPartnerState } from './call-view';
import { Conversation } from './conversation';
import { LineKeeper } from './line-keeper';
import { OwnDevices, type DeviceKind } from './own-devices';
import { Refused, Signal } from './signal';
import type { CallView, Engine, EngineState, Link, Notice, Phase } from './state';

/** How long the search waits before it goes on by itself after they left (M8). */
const AUTO_NEXT_MS = 3_000;

/** Where this tab remembers what it was looking for, so that a reload can go on. */
const WISHES_KEY = 'passerby.wishes';

/** The client without its screens: everything a person can do, and what is to be shown of it. */
export class PasserbyEngine implements Engine {
  private state: EngineState;
  private readonly listeners = new Set<() => void>();
  private readonly signal: Signal;
  private readonly devices: OwnDevices;
  private readonly line: LineKeeper;
  private readonly conversation: Conversation;
  private wishes = rememberedWishes();
  /** Whether the person wants to be searching: what the server says of a search they have left is not shown. */
  private seeking = false;
  private toldMedia = '';
  private autoNextTimer: number | undefined;
  private noticeSerial = 0;

  constructor(url: string) {
    this.devices = new OwnDevices(
      (kind, track) => this.line.trackChanged(kind, track),
      () => this.devicesChanged(),
    );
    this.signal = new Signal(url, {
      link: (link) => this.linkChanged(link),
      message: (message) => this.receive(message),
    });
    this.line = new LineKeeper(this.signal, this.devices, () => this.notify('media_unavailable'));
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
    void this.devices.ask(mode).then(() => this.line.want());
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
    this.wishes = wishes;
    sessionStorage.setItem(WISHES_KEY, JSON.stringify(wishes));
    this.seeking = true;
    this.stopAutoNext();
    this.showSearching(wishes);
    this.signal.ask('find_partner', { ...wishes, agreed: true }).catch((error: unknown) => {
      // Without a connection the search begins as soon as there is one.
      if (isDisconnected(error)) return;
      if (this.state.phase.phase === 'searching') this.setPhase({ phase: 'idle' });
      this.refused(error);
    });
  }

  cancelSearch(): void {
    if (this.state.phase.phase !== 'searching') return;
    this.seeking = false;
    this.setPhase({ phase: 'idle' });
    this.signal.ask('cancel_search', {}).catch((error: unknown) => this.refused(error, ['not_searching']));
  }

  accept(): void {
    const call = this.call();
    if (call?.accept == null || call.accept.you) return;
    this.updateCall((view) => ({ ...view, accept: view.accept && { ...view.accept, you: true } }));
    this.signal.ask('accept_partner', { callId: call.callId }).catch((error: unknown) => this.refused(error));
  }

  next(): void {
    const { phase } = this.state;
    if (phase.phase === 'parted' && this.wishes !== undefined) this.find(this.wishes);
    if (phase.phase !== 'call') return;
    const { callId } = phase.call;
    this.seeking = true;
    this.line.part();
    if (this.wishes !== undefined) this.showSearching(this.wishes);
    this.signal.ask('next_partner', { callId }).catch((error: unknown) => {
      // The call ended at the same moment from the other side: the wish is still to meet the next one.
      if (isCode(error, 'no_call', 'stale_call') && this.wishes !== undefined) this.find(this.wishes);
      else this.refused(error);
    });
  }

  stop(): void {
    const { phase } = this.state;
    this.stopAutoNext();
    if (phase.phase === 'searching') return this.cancelSearch();
    this.seeking = false;
    this.setPhase({ phase: 'idle' });
    this.line.part();
    if (phase.phase === 'call') this.signal.tell('leave_room', { callId: phase.call.callId });
  }

  stayHere(): void {
    this.stopAutoNext();
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
      (error: unknown) => this.refused(error),
    );
  }

  block(): void {
    const call = this.call() ?? this.partedCall();
    if (call === undefined) return;
    const inCall = this.call() !== undefined;
    this.signal.ask('block_user', { callId: call.callId }).then(
      () => {
        this.notify('blocked');
        if (inCall) this.parted(call, 'blocked');
      },
      (error: unknown) => this.refused(error),
    );
  }

  reconnectNow(): void {
    this.signal.reconnectNow();
  }

  dismissNotice(): void {
    this.set({ notice: null });
  }

  close(): void {
    this.stopAutoNext();
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
        return this.waiting(message.data);
      case 'search_ended':
        this.setPhase({ phase: 'idle' });
        return this.notify('search_expired');
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
        return this.updateCall((view) => ({ ...view, accept: null }));
      case 'partner_state':
        return this.updateCall((view) => withPartnerState(view, message.data));
      case 'partner_reconnecting':
        return this.updateCall((view) => ({ ...view, awayUntil: Date.now() + message.data.graceMs }));
      case 'partner_disconnected':
        return this.parted(call, message.data.reason);
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
    if (!data.resumed) {
      // The server knows us no more: a call is over, a search begins anew.
      if (phase.phase === 'call') this.parted(phase.call, 'lost');
      else if (phase.phase === 'searching' && this.wishes !== undefined) this.find(this.wishes);
      return;
    }
    // A page that was loaded again learns from the server what it was doing.
    if (phase.phase === 'idle') this.seeking = true;
    this.conversation.sendAgain();
  }

  private waiting(data: ServerData<'waiting_for_partner'>): void {
    if (!this.seeking) return;
    const now = Date.now();
    // After a reload the search goes on, and needs the devices it had.
    this.askDevices(data.mode);
    this.stopAutoNext();
    this.line.part();
    this.setPhase({
      phase: 'searching',
      mode: data.mode,
      likes: this.wishes?.interests ?? [],
      since: now - data.waitedMs,
      pausedUntil: data.pauseMs > 0 ? now + data.pauseMs : null,
      step: data.step,
      steps: data.steps,
      estimateMs: data.estimateMs,
      waiting: data.waiting,
    });
  }

  private found(data: ServerData<'partner_found'>): void {
    performance.mark('passerby:partner-found', {
      detail: { callId: data.callId, matchedAt: data.matchedAt },
    });
    const current = this.call();
    if (current?.callId === data.callId) {
      // We are back in a call we never left: only what may have changed meanwhile.
      if (data.accept === null) this.updateCall((view) => ({ ...view, accept: null }));
      return;
    }
    if (!this.seeking) {
      // Matched in the very moment in which they stopped looking.
      this.signal.tell('leave_room', { callId: data.callId });
      return;
    }
    this.askDevices(data.mode);
    this.stopAutoNext();
    this.line.part();
    this.setPhase({ phase: 'call', call: newCall(data, new MediaStream(), Date.now()) });
    if (data.media !== null) void this.joinMedia(data.callId, data.media);
  }

  private async joinMedia(callId: string, media: CallMedia): Promise<void> {
    const tracks = await this.line.join(media, this.muted());
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

  private parted(call: CallView, reason: ServerData<'partner_disconnected'>['reason']): void {
    this.line.part();
    this.stopAutoNext();
    const goesOn =
      this.wishes !== undefined &&
      reason !== 'shutting_down' &&
      !(reason === 'not_accepted' && call.accept?.you !== true);
    const nextAt = goesOn && reason !== 'media_failed' ? Date.now() + AUTO_NEXT_MS : null;
    this.setPhase({ phase: 'parted', call, reason, nextAt });
    if (nextAt === null) return;
    this.autoNextTimer = window.setTimeout(() => {
      if (this.state.phase.phase === 'parted' && this.wishes !== undefined) this.find(this.wishes);
    }, AUTO_NEXT_MS);
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

  private showSearching(wishes: WishesInput): void {
    const earlier = this.state.phase.phase === 'searching' ? this.state.phase : undefined;
    this.setPhase({
      phase: 'searching',
      mode: wishes.mode,
      likes: wishes.interests ?? [],
      since: Date.now(),
      pausedUntil: null,
      step: 0,
      steps: earlier?.steps ?? [],
      estimateMs: null,
      waiting: 0,
    });
  }

  private linkChanged(link: Link): void {
    this.set({ link });
  }

  private devicesChanged(): void {
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

  private stopAutoNext(): void {
    window.clearTimeout(this.autoNextTimer);
  }

  private refused(error: unknown, expected: readonly ErrorCode[] = []): void {
    if (!(error instanceof Refused)) throw error;
    const { wire } = error;
    if (wire.code === 'disconnected' || expected.includes(wire.code)) return;
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

const isDisconnected = (error: unknown): boolean =>
  error instanceof Refused && error.wire.code === 'disconnected';
const isCode = (error: unknown, ...codes: ErrorCode[]): boolean =>
  error instanceof Refused && codes.some((code) => code === error.wire.code);

function rememberedWishes(): WishesInput | undefined {
  try {
    const parsed = wishesSchema.safeParse(JSON.parse(sessionStorage.getItem(WISHES_KEY) ?? 'null'));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
