import type { WishesInput } from '../../../../src/protocol';
import type { Engine, EngineState } from '../engine/state';
import { readinessOf } from '../devices/readiness';
import { screenFor, type SearchIntent, type AppScreen } from './app-screen';

export interface ScreenSnapshot {
  state: EngineState;
  screen: AppScreen;
  intent: SearchIntent | null;
}

export interface ScreenTransition {
  /** Whether animations may run now: not in a hidden tab, and not with reduced motion. */
  allowed(): boolean;
  /** Animates the windows that both screens have while `change` switches the screen. */
  run(change: () => void): void;
}

/** How long the match animation takes: the two windows slide together and then grow into the call. */
export const MATCH_ANIMATION_MS = 1030;

/**
 * Stands between the engine and React. It derives one screen from the engine's state, keeps a search that the user
 * asked for until the devices are open, and turns each change of screen into an animated transition.
 */
export class ScreenStore {
  private intent: SearchIntent | null = null;
  private matched: string | null = null;
  private matchAnimationTimer: ReturnType<typeof setTimeout> | undefined;
  private before: EngineState;
  private snapshot: ScreenSnapshot;
  private isTransitioning = false;
  private readonly listeners = new Set<() => void>();
  private readonly stopListening: () => void;

  constructor(
    readonly engine: Engine,
    private readonly transition: ScreenTransition,
  ) {
    this.before = engine.getState();
    this.snapshot = { state: this.before, screen: screenFor(this.before, null, null), intent: null };
    this.stopListening = engine.subscribe(() => this.engineChanged());
  }

  readonly getSnapshot = (): ScreenSnapshot => this.snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  search(wishes: WishesInput, withoutMicrophone = false): void {
    this.intent = { wishes, withoutMicrophone, sent: false };
    const { devices } = this.engine.getState();
    if (readinessOf(wishes.mode, devices, withoutMicrophone).is !== 'ready') {
      this.engine.askDevices(wishes.mode);
    }
    this.engineChanged();
  }

  cancel(): void {
    this.intent = null;
    this.engine.cancelSearch();
    this.engineChanged();
  }

  close(): void {
    clearTimeout(this.matchAnimationTimer);
    this.stopListening();
  }

  private engineChanged(): void {
    const state = this.engine.getState();
    this.keepIntent(state);
    this.startMatchAnimation(state);
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

  private startMatchAnimation(state: EngineState): void {
    const { phase } = state;
    const known = this.before.phase;
    const isNew = phase.phase === 'call' && !('call' in known && known.call.callId === phase.call.callId);
    // While the partner waits for an answer, the question is on the screen from the first moment.
    if (
      !isNew ||
      phase.call.accept !== null ||
      this.before.phase.phase === 'idle' ||
      !this.transition.allowed()
    )
      return;
    this.matched = phase.call.callId;
    clearTimeout(this.matchAnimationTimer);
    this.matchAnimationTimer = setTimeout(() => {
      this.matched = null;
      this.show();
    }, MATCH_ANIMATION_MS);
  }

  private show(): void {
    if (this.isTransitioning) return;
    const screen = screenFor(this.engine.getState(), this.intent, this.matched);
    if (screen.screen === this.snapshot.screen.screen || !this.transition.allowed()) {
      this.publish();
      return;
    }
    // Nothing may change until the browser has captured the old screen. Then the newest state is shown.
    this.isTransitioning = true;
    this.transition.run(() => {
      this.isTransitioning = false;
      this.publish();
    });
  }

  private publish(): void {
    const state = this.engine.getState();
    this.snapshot = { state, screen: screenFor(state, this.intent, this.matched), intent: this.intent };
    for (const listener of this.listeners) listener();
  }
}
