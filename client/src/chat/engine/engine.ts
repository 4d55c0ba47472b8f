import type { Mode, ServerData, ServerMessage, WishesInput } from '../../../../src/protocol';
import { newCall, withPartnerAway, withPartnerState, type AboutCall } from './call-view';
import { ReportsAndBlocks } from './reports-and-blocks';
import { CallChat } from './call-chat';
import { CallTracks } from './call-tracks';
import { ResumeDeadline } from './resume-deadline';
import { LineManager } from './line-manager';
import { Notices } from './notices';
import { INITIAL_STATE } from './initial-state';
import { LocalDevices } from './local-devices';
import { Search } from './search';
import { RequestError, isDisconnected } from '../../errors/request-error';
import { SignalingClient } from './signaling-client';
import { isSending, type CallView, type ChoosableKind, type Engine, type EngineState } from './state';
import type { HoldReason, Phase } from './state';

/** The client without its screens: it executes the user's commands and keeps the state that the screens show. */
export class PasserbyEngine implements Engine {
  private state: EngineState;
  private readonly listeners = new Set<() => void>();
  private readonly signaling: SignalingClient;
  private readonly devices: LocalDevices;
  private readonly line: LineManager;
  private readonly tracks: CallTracks;
  private readonly chat: CallChat;
  private readonly reports: ReportsAndBlocks;
  private readonly search: Search;
  private readonly notices = new Notices((notice) => this.set({ notice }));
  /** The call that the user has left last. Later messages about it are ignored. */
  private leftCall: string | undefined;
  private hasConnected = false;
  private readonly resumeDeadline = new ResumeDeadline({
    call: () => this.call(),
    ended: (call, reason) => this.search.callEnded(call, reason),
  });

  constructor(url: string) {
    this.devices = new LocalDevices({
      trackChanged: (kind, track) => this.line.trackChanged(kind, track),
      stateChanged: () => this.devicesChanged(),
      problem: (device) => this.notices.say('device', { device }),
      works: (kind) => this.notices.withdrawDevice(kind),
    });
    this.signaling = new SignalingClient(url, {
      connection: (connection) => {
        // Without a connection the figures would be outdated.
        this.set(connection.state === 'open' ? { connection } : { connection, stats: null });
        this.resumeDeadline.follow(connection);
      },
      inDoubt: (isInDoubt) => this.set({ isInDoubt }),
      message: (message) => this.receive(message),
      signedOut: () => this.signedOut(),
    });
    this.line = new LineManager(this.signaling, this.devices, {
      unavailable: () => this.notices.say('media_unavailable'),
      restored: () => this.notices.withdraw('media_unavailable'),
    });
    this.search = new Search(this.signaling, {
      phase: () => this.state.phase,
      show: (phase) => this.setPhase(phase),
      requestFailed: (error) => this.requestFailed(error),
      needDevices: (mode) => this.needDevices(mode),
      endLineUse: () => this.line.endCall(),
      hasAge: () => this.state.me?.isAnonymous === false,
    });
    this.tracks = new CallTracks(this.signaling, this.line, {
      call: () => this.call(),
      update: (change) => this.updateCall(change),
      devices: () => this.state.devices,
    });
    this.chat = new CallChat(this.signaling, {
      call: () => this.call(),
      update: (change) => this.updateCall(change),
      requestFailed: (error) => this.requestFailed(error),
    });
    this.reports = new ReportsAndBlocks(this.signaling, this.notices, {
      call: () => this.call() ?? this.endedCall(),
      leave: (call) => {
        this.leftCall = call.callId;
        if (this.call() !== undefined) this.search.callEnded(call, 'blocked');
      },
      requestFailed: (error) => this.requestFailed(error),
    });
    this.state = { ...INITIAL_STATE, devices: this.devices.state };
  }

  start(): void {
    this.devices.start();
    this.signaling.start();
  }

  getState(): EngineState {
    return this.state;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  askDevices(mode: Mode): void {
    void this.devices.ask(mode, true).then(() => this.line.ensure());
  }

  keepDevices(mode: Mode): void {
    this.devices.keep(mode);
    if (mode === 'text') this.line.release();
  }

  chooseDevice(kind: ChoosableKind, deviceId: string): void {
    void this.devices.choose(kind, deviceId);
  }

  setMicrophone(on: boolean): void {
    void this.devices.switch('microphone', on);
  }

  setCamera(on: boolean): void {
    this.line.setSending('camera', on);
    void this.devices.switch('camera', on);
  }

  level(): number | null {
    return this.devices.level();
  }

  readonly partnerLevel = (): number => this.line.partnerLevel();

  find(wishes: WishesInput): void {
    this.keepDevices(wishes.mode);
    this.search.find(wishes);
  }

  cancelSearch(): void {
    if (this.state.phase.phase === 'searching') this.search.cancel();
  }

  accept(): void {
    const call = this.call();
    if (call?.accept == null || call.accept.you) return;
    this.updateCall((view) => ({ ...view, accept: view.accept && { ...view.accept, you: true } }));
    this.signaling.request('accept_partner', { callId: call.callId }).catch((error: unknown) => {
      if (isDisconnected(error)) this.signaling.sendReliably('accept_partner', { callId: call.callId });
      else this.requestFailed(error);
    });
  }

  next(): void {
    const { phase } = this.state;
    if (phase.phase === 'ended') this.search.again();
    if (phase.phase !== 'call') return;
    this.leftCall = phase.call.callId;
    this.search.skip(phase.call);
  }

  stop(): void {
    const { phase } = this.state;
    if (phase.phase === 'searching') return this.search.cancel();
    this.search.abandon();
    this.setPhase({ phase: 'idle' });
    this.line.endCall();
    if (phase.phase !== 'call') return;
    this.leftCall = phase.call.callId;
    this.search.hasMet(phase.call);
    this.signaling.sendReliably('leave_room', { callId: phase.call.callId });
  }

  stayHere(): void {
    this.search.cancelAutoNext();
    const { phase } = this.state;
    if (phase.phase === 'ended') this.setPhase({ ...phase, nextAt: null, held: false });
  }

  holdNext(reason: HoldReason, held: boolean): void {
    this.search.hold(reason, held);
  }

  say(text: string): void {
    this.chat.say(text);
  }

  retry(messageId: string): void {
    this.chat.retry(messageId);
  }

  setTyping(typing: boolean): void {
    this.chat.setTyping(typing);
  }

  markRead(): void {
    this.chat.markRead();
  }

  report(type: string, words: string): void {
    this.reports.report(type, words);
  }

  block(): void {
    this.reports.block();
  }

  identityChanged(): void {
    this.reset();
    // Logging out here ends the log-in of this socket too, and nobody has to be told what they just did.
    this.notices.withdraw('signed_out');
    this.signaling.startOver();
  }

  reconnectNow(): void {
    this.signaling.reconnectNow();
  }

  dismissNotice(): void {
    this.notices.dismiss();
  }

  close(): void {
    this.resumeDeadline.close();
    this.search.abandon();
    this.signaling.close();
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
          void this.tracks.join(message.data.callId, message.data);
        return;
      case 'line_lost':
      case 'line_move':
        return this.line.handle(message);
      case 'notice':
        return this.notices.say(
          message.data.code,
          message.data.code === 'plan_minutes_low' ? { leftMs: message.data.leftMs } : {},
        );
      case 'banned':
        return; // The connection is closed next, and the screen then says why.
      case 'error':
        if (message.data.code === 'banned') return;
        return this.notices.say(message.data.code, message.data);
      default:
        return this.aboutCall(message);
    }
  }

  private aboutCall(message: AboutCall): void {
    const call = this.call();
    if (call?.callId !== message.data.callId) return;
    switch (message.event) {
      case 'call_open':
        return this.opened(call);
      case 'partner_state':
        return this.updateCall((view) => withPartnerState(view, message.data));
      case 'partner_reconnecting':
        return this.updateCall((view) => withPartnerAway(view, message.data, performance.now()));
      case 'partner_disconnected':
        return this.search.callEnded(call, message.data.reason);
      case 'chat_message':
        return this.chat.received(message.data);
      case 'message_status':
        return this.chat.receipt(message.data);
    }
  }

  private connected(data: ServerData<'connected'>): void {
    const { userId, name, isAnonymous, plan, session } = data;
    this.set({ me: { userId, name, isAnonymous, plan }, stats: data.stats });
    this.tracks.notifyAgain();
    this.line.onConnected(data);
    // An announced restart is over once the client is connected again.
    this.notices.withdraw('shutting_down');
    const { phase } = this.state;
    // A call or search that the server no longer knows has ended while the client was disconnected.
    if (phase.phase === 'call' && session.callId !== phase.call.callId)
      this.search.callEnded(phase.call, 'away');
    else if (phase.phase === 'searching') this.leftCall = this.search.compare(session, this.leftCall);
    // Only a page that was just loaded resumes what the server reports: what the user has ended stays ended.
    else if (phase.phase === 'idle' && session.state !== 'idle' && !this.hasConnected) this.search.resume();
    this.hasConnected = true;
    this.search.onConnected();
    this.chat.onConnected();
  }

  /** Both have accepted. */
  private opened({ accept }: CallView): void {
    this.line.openCall();
    if (accept === null) return;
    const startedAt = performance.now();
    this.updateCall((view) => ({ ...view, accept: null, startedAt }));
  }

  private found(data: ServerData<'partner_found'>): void {
    performance.mark('passerby:partner-found', {
      detail: { callId: data.callId, matchedAt: data.matchedAt },
    });
    const current = this.call();
    if (current?.callId === data.callId) {
      // The client has reconnected to the call that is still shown: only its state may have changed.
      if (data.accept === null) this.opened(current);
      return;
    }
    if (data.callId === this.leftCall) return;
    if (!this.search.isWanted) {
      // The match and the user's cancellation have crossed.
      this.signaling.sendReliably('leave_room', { callId: data.callId });
      return;
    }
    this.needDevices(data.mode);
    this.search.cancelAutoNext();
    this.line.endCall();
    const now = performance.now();
    // A call that this client took for ended, but that the server resumed, keeps its chat.
    const chat = this.endedCall()?.callId === data.callId ? (this.endedCall()?.chat ?? []) : [];
    this.setPhase({ phase: 'call', call: { ...newCall(data, new MediaStream(), now), chat } });
    if (data.again && data.accept === null && chat.length === 0) this.chat.readPast(data.callId);
    if (data.media !== null) void this.tracks.join(data.callId, data.media);
  }

  // State

  /** After a reload a search or a call continues, so its devices are opened again. */
  private needDevices(mode: Mode): void {
    this.keepDevices(mode);
    void this.devices.ask(mode, false).then(() => this.line.ensure());
  }

  private devicesChanged(): void {
    this.set({ devices: this.devices.state });
    this.line.setSending('microphone', isSending(this.devices.state.microphone));
    this.tracks.notify();
  }

  private signedOut(): void {
    this.reset();
    this.notices.say('signed_out');
  }

  /** Drops everything of the previous user, so that nothing continues in the next user's name. */
  private reset(): void {
    this.search.forget();
    this.line.endCall();
    this.leftCall = undefined;
    this.hasConnected = false;
    this.set({ me: null });
    this.setPhase({ phase: 'idle' });
  }

  private call(): CallView | undefined {
    return this.state.phase.phase === 'call' ? this.state.phase.call : undefined;
  }

  private endedCall(): CallView | undefined {
    return this.state.phase.phase === 'ended' ? this.state.phase.call : undefined;
  }

  private updateCall(change: (call: CallView) => CallView): void {
    const call = this.call();
    if (call !== undefined) this.setPhase({ phase: 'call', call: change(call) });
  }

  private setPhase(phase: Phase): void {
    this.set({ phase });
    this.signaling.doubt.follow(phase.phase === 'call');
  }

  private requestFailed(error: unknown): void {
    if (!(error instanceof RequestError)) throw error;
    const { details } = error;
    // The connection state already shows this error.
    if (details.code === 'disconnected') return;
    this.notices.say(details.code, details);
  }

  private set(change: Partial<EngineState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
