import type { WishesInput } from '../../src/protocol';
import type { CallView, Engine, EngineState, HoldReason } from '../src/chat/engine/state';
import { FIXTURES, type Streams } from './fixtures';

const FOUND_AFTER_MS = 4000;
const NEXT_AFTER_MS = 3000;
const HELD_NEXT_MS = 10_000;

/** A fake engine that plays the server and the partner, so that every screen can be used without either. */
export class FakeEngine implements Engine {
  private readonly listeners = new Set<() => void>();
  private timers: number[] = [];

  constructor(
    private readonly streams: Streams,
    private state: EngineState,
  ) {}

  start(): void {
    // There is no server to connect to.
  }

  getState(): EngineState {
    return this.state;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Shows a fixture. It stays as it is until the user does something. */
  show(name: string): void {
    const fixture = FIXTURES[name];
    if (fixture) this.set(fixture.state(this.streams));
  }

  askDevices(): void {
    const faulty = [this.state.devices.camera, this.state.devices.microphone].some(
      (device) => device.state === 'faulty' || device.state === 'asking',
    );
    if (!faulty) this.set({ devices: FIXTURES.landing?.state(this.streams).devices ?? this.state.devices });
  }

  keepDevices(): void {
    // A fixture shows its devices as they are.
  }

  chooseDevice(kind: 'camera' | 'microphone' | 'speaker', deviceId: string): void {
    if (kind === 'speaker') return this.set({ devices: { ...this.state.devices, speaker: deviceId } });
    this.set({ devices: { ...this.state.devices, [kind]: { state: 'ready', off: false, deviceId } } });
  }

  setMicrophone(on: boolean): void {
    const { devices } = this.state;
    if (devices.microphone.state !== 'ready') return;
    this.set({ devices: { ...devices, microphone: { ...devices.microphone, off: !on } } });
  }

  setCamera(on: boolean): void {
    const { devices } = this.state;
    if (devices.camera.state !== 'ready') return;
    this.set({ devices: { ...devices, camera: { ...devices.camera, off: !on } } });
  }

  level(): number {
    return 0.35 + 0.25 * Math.sin(performance.now() / 140);
  }

  partnerLevel(): number {
    return Math.max(0, 0.3 + 0.3 * Math.sin(performance.now() / 160));
  }

  find(wishes: WishesInput): void {
    this.show('searching');
    const { phase } = this.state;
    if (phase.phase !== 'searching') return;
    this.set({
      phase: { ...phase, mode: wishes.mode, likes: wishes.interests ?? [], since: performance.now() },
    });
    this.later(FOUND_AFTER_MS, () => {
      this.show('found');
      this.change((call) => ({
        callId: `call${Date.now()}`,
        mode: wishes.mode,
        accept: call.accept && { ...call.accept, until: performance.now() + 20_000 },
      }));
      this.later(FOUND_AFTER_MS, () =>
        this.change(({ accept }) => ({ accept: accept && { ...accept, they: true } })),
      );
    });
  }

  cancelSearch(): void {
    this.stop();
  }

  accept(): void {
    this.change(({ accept }) => ({ accept: accept && { ...accept, you: true } }));
    this.later(500, () => this.change(() => ({ accept: null, startedAt: performance.now() })));
  }

  next(): void {
    this.find({ mode: 'video', interests: ['film photography', 'slow cooking'] });
  }

  stop(): void {
    this.forget();
    this.set({ phase: { phase: 'idle' }, connection: { state: 'open' } });
  }

  stayHere(): void {
    const { phase } = this.state;
    this.forget();
    if (phase.phase === 'ended') this.set({ phase: { ...phase, nextAt: null, held: false } });
  }

  /** Only the countdown that a fixture shows can be held: the fake engine never searches by itself. */
  holdNext(_reason: HoldReason, held: boolean): void {
    const { phase } = this.state;
    if (phase.phase !== 'ended' || phase.held === held || (phase.nextAt === null && held)) return;
    this.set({ phase: { ...phase, nextAt: held ? null : performance.now() + HELD_NEXT_MS, held } });
  }

  /** The partner sends a message. */
  hear(text: string): void {
    this.change(({ chat, unread }) => ({
      chat: [...chat, { id: `they${chat.length}`, mine: false, text, at: Date.now(), state: 'delivered' }],
      unread: unread + 1,
    }));
  }

  /** The partner leaves. */
  leave(): void {
    const { phase } = this.state;
    if (phase.phase !== 'call') return;
    const nextAt = performance.now() + HELD_NEXT_MS;
    this.set({ phase: { phase: 'ended', call: phase.call, reason: 'left', nextAt, held: false } });
  }

  say(text: string): void {
    const id = String(Date.now());
    this.change(({ chat }) => ({
      chat: [...chat, { id, mine: true, text, at: Date.now(), state: 'sending' }],
    }));
    (['sent', 'delivered', 'read'] as const).forEach((state, index) =>
      this.later(600 * (index + 1), () =>
        this.change(({ chat }) => ({
          chat: chat.map((line) => (line.id === id ? { ...line, state } : line)),
        })),
      ),
    );
  }

  retry(messageId: string): void {
    this.change(({ chat }) => ({
      chat: chat.map((line) => (line.id === messageId ? { ...line, state: 'sent' } : line)),
    }));
  }

  setTyping(): void {
    // There is no partner to notify.
  }

  markRead(): void {
    this.change(() => ({ unread: 0 }));
  }

  report(): void {
    const { phase } = this.state;
    this.notify(
      'reported',
      phase.phase === 'call' || phase.phase === 'ended' ? phase.call.partner : undefined,
    );
  }

  block(): void {
    const { phase } = this.state;
    if (phase.phase !== 'call') return;
    const nextAt = performance.now() + NEXT_AFTER_MS;
    this.set({ phase: { phase: 'ended', call: phase.call, reason: 'blocked', nextAt, held: false } });
    this.notify('blocked', phase.call.partner);
    this.later(NEXT_AFTER_MS, () => this.next());
  }

  identityChanged(): void {
    const { me } = this.state;
    this.set({ me: null, phase: { phase: 'idle' } });
    // The user is set again after a moment, as with a server.
    this.later(80, () => this.set({ me: me && { ...me } }));
  }

  reconnectNow(): void {
    this.set({ connection: { state: 'open' } });
  }

  dismissNotice(): void {
    this.set({ notice: null });
  }

  close(): void {
    this.forget();
  }

  private notify(code: 'reported' | 'blocked', about?: { id: string; name: string }): void {
    const serial = (this.state.notice?.serial ?? 0) + 1;
    this.set({ notice: { serial, code, at: Date.now(), saidAt: performance.now(), about } });
  }

  private change(how: (call: CallView) => Partial<CallView>): void {
    const { phase } = this.state;
    if (phase.phase === 'call')
      this.set({ phase: { ...phase, call: { ...phase.call, ...how(phase.call) } } });
  }

  private later(ms: number, what: () => void): void {
    this.timers.push(window.setTimeout(what, ms));
  }

  private forget(): void {
    this.timers.forEach((timer) => window.clearTimeout(timer));
    this.timers = [];
  }

  private set(change: Partial<EngineState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
