/// <reference lib="dom" />
import {
  MATCH_ANIMATION_MS,
  ScreenStore,
  type ScreenTransition,
} from '../../../client/src/chat/screens/screen-store';
import type { CallView, Engine, EngineState } from '../../../client/src/chat/engine/state';

const READY = { state: 'ready', off: false, deviceId: 'one' } as const;

const idle: EngineState = {
  connection: { state: 'open' },
  me: null,
  stats: null,
  devices: {
    camera: { state: 'unasked' },
    microphone: { state: 'unasked' },
    stream: null,
    cameras: [],
    microphones: [],
    speakers: [],
    speaker: '',
  },
  phase: { phase: 'idle' },
  isInDoubt: false,
  notice: null,
};

const searching: EngineState['phase'] = {
  phase: 'searching',
  mode: 'video',
  likes: [],
  said: null,
  justMet: null,
  since: 0,
  pausedUntil: null,
  step: 0,
  steps: [],
  estimateMs: null,
  waiting: 1,
  held: false,
};

const inCall = (callId: string, accept: CallView['accept'] = null): EngineState['phase'] => ({
  phase: 'call',
  call: { callId, mode: 'video', accept } as CallView,
});

function rehearse(transition: Partial<ScreenTransition> = {}) {
  let state = idle;
  const listeners = new Set<() => void>();
  const done: string[] = [];
  const engine = {
    getState: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    askDevices: (mode: string) => done.push(`ask ${mode}`),
    find: ({ mode }: { mode: string }) => done.push(`find ${mode}`),
    cancelSearch: () => done.push('cancel'),
  } as unknown as Engine;
  const set = (change: Partial<EngineState>): void => {
    state = { ...state, ...change };
    listeners.forEach((listener) => listener());
  };
  const store = new ScreenStore(engine, { allowed: () => true, run: (change) => change(), ...transition });
  const view = (): string => {
    const { screen } = store.getSnapshot();
    return screen.screen === 'searching' ? screen.view.is : screen.screen;
  };
  return { store, set, done, view, devices: { ...idle.devices, camera: READY, microphone: READY } };
}

describe('C2 from Meet to the search', () => {
  it('C2 opens the devices first and searches once, when they are open', () => {
    const { store, set, done, view, devices } = rehearse();
    store.search({ mode: 'video' });
    expect(view()).toBe('asking');
    expect(done).toEqual(['ask video']);
    set({ devices });
    set({ devices: { ...devices } });
    expect(done).toEqual(['ask video', 'find video']);
    expect(view()).toBe('connecting');
    set({ phase: searching });
    expect(view()).toBe('looking');
    set({ phase: { phase: 'idle' } });
    expect(view()).toBe('landing');
  });

  it('C3 stays with the fault, and goes on with text when asked to', () => {
    const { store, set, done, view, devices } = rehearse();
    store.search({ mode: 'video' });
    set({ devices: { ...devices, camera: { state: 'faulty', fault: 'denied' } } });
    expect(view()).toBe('faulty');
    store.search({ mode: 'text' });
    expect(done).toEqual(['ask video', 'find text']);
  });

  it('C3 comes back to the landing when the server refuses or the person gives up', () => {
    const { store, set, view, devices } = rehearse();
    set({ devices });
    store.search({ mode: 'video' });
    set({ notice: { serial: 1, code: 'rate_limited', at: 0, saidAt: 0 } });
    expect(view()).toBe('landing');
    store.search({ mode: 'video' });
    store.cancel();
    expect(view()).toBe('landing');
  });
});

describe('C2 the meeting', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('C2 lets the windows meet before the call, also from one person to the next', () => {
    const { set, view } = rehearse();
    set({ phase: searching });
    set({ phase: inCall('one') });
    expect(view()).toBe('matched');
    set({ phase: inCall('one') });
    jest.advanceTimersByTime(MATCH_ANIMATION_MS);
    expect(view()).toBe('call');
    set({ phase: inCall('two') });
    expect(view()).toBe('matched');
  });

  it('C2 asks on one screen from the first moment, with no second one before it', () => {
    const { set, view } = rehearse();
    set({ phase: searching });
    set({ phase: inCall('one', { until: 20_000, you: false, they: false }) });
    expect(view()).toBe('call');
    // The call that opens from the question has been met already.
    set({ phase: inCall('one') });
    expect(view()).toBe('call');
  });

  it('C5 goes straight to the call where nothing shall move, and S4 after a reload', () => {
    const calm = rehearse({ allowed: () => false });
    calm.set({ phase: searching });
    calm.set({ phase: inCall('one') });
    expect(calm.view()).toBe('call');
    const reloaded = rehearse();
    reloaded.set({ phase: inCall('one') });
    expect(reloaded.view()).toBe('call');
  });

  it('C2 shows the newest state when a transition begins late', () => {
    let begin = (): void => undefined;
    const { set, view } = rehearse({ run: (change) => (begin = change) });
    set({ phase: searching });
    set({ phase: { phase: 'idle' } });
    set({ phase: { ...searching } });
    expect(view()).toBe('landing');
    begin();
    expect(view()).toBe('looking');
  });
});
