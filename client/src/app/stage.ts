import type { WishesInput } from '../../../src/protocol';
import type { Engine, EngineState } from '../engine/state';
import { readinessOf } from './devices';
import { sceneOf, type Intent, type Scene } from './scene';

export interface Shown {
  state: EngineState;
  scene: Scene;
  intent: Intent | null;
}

export interface Movement {
  /** Whether anything may move just now; a hidden tab and a wish for calm both say no. */
  allowed(): boolean;
  /** Carries the windows that both screens have from one to the other while `change` is made. */
  between(change: () => void): void;
}

/** The windows slide together, the lens lights, and both rest a moment before they grow into the call. */
export const MEETING_MS = 1030;

/**
 * Stands between the engine and React: turns the engine's state into one scene, keeps what the person asked
 * for until the devices are open, and lets a change of screen be one movement instead of a cut.
 */
export class Stage {
  private intent: Intent | null = null;
  private meeting: string | null = null;
  private meetingEnds: ReturnType<typeof setTimeout> | undefined;
  private before: EngineState;
  private shown: Shown;
  private moving = false;
  private readonly listeners = new Set<() => void>();
  private readonly stopListening: () => void;

  constructor(
    readonly engine: Engine,
    private readonly movement: Movement,
  ) {
    this.before = engine.getState();
    this.shown = { state: this.before, scene: sceneOf(this.before, null, null), intent: null };
    this.stopListening = engine.subscribe(() => this.engineChanged());
  }

  readonly getShown = (): Shown => this.shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  meet(wishes: WishesInput, withoutMicrophone = false): void {
    this.intent = { wishes, withoutMicrophone, sent: false };
    const { devices } = this.engine.getState();
    if (readinessOf(wishes.mode, devices, withoutMicrophone).is !== 'ready') {
      this.engine.askDevices(wishes.mode);
    }
    this.engineChanged();
  }

  giveUp(): void {
    this.intent = null;
    this.engine.cancelSearch();
    this.engineChanged();
  }

  close(): void {
    clearTimeout(this.meetingEnds);
    this.stopListening();
  }

  private engineChanged(): void {
    const state = this.engine.getState();
    this.keepIntent(state);
    this.noticeMeeting(state);
    this.before = state;
    this.show();
  }

  private keepIntent(state: EngineState): void {
    if (!this.intent) return;
    const refused = this.intent.sent && state.notice?.serial !== this.before.notice?.serial;
    if (state.phase.phase !== 'idle' || refused) {
      this.intent = null;
      return;
    }
    const { wishes, withoutMicrophone, sent } = this.intent;
    if (sent || readinessOf(wishes.mode, state.devices, withoutMicrophone).is !== 'ready') return;
    this.intent = { ...this.intent, sent: true };
    this.engine.find(wishes);
  }

  private noticeMeeting(state: EngineState): void {
    const { phase } = state;
    const known = this.before.phase;
    const isNew = phase.phase === 'call' && !('call' in known && known.call.callId === phase.call.callId);
    if (!isNew || this.before.phase.phase === 'idle' || !this.movement.allowed()) return;
    this.meeting = phase.call.callId;
    clearTimeout(this.meetingEnds);
    this.meetingEnds = setTimeout(() => {
      this.meeting = null;
      this.show();
    }, MEETING_MS);
  }

  private show(): void {
    if (this.moving) return;
    const scene = sceneOf(this.engine.getState(), this.intent, this.meeting);
    if (scene.screen === this.shown.scene.screen || !this.movement.allowed()) {
      this.publish();
      return;
    }
    // Until the old screen has been captured nothing may change; then whatever is newest is shown.
    this.moving = true;
    this.movement.between(() => {
      this.moving = false;
      this.publish();
    });
  }

  private publish(): void {
    const state = this.engine.getState();
    this.shown = { state, scene: sceneOf(state, this.intent, this.meeting), intent: this.intent };
    for (const listener of this.listeners) listener();
  }
}
