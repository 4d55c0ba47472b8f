/// <reference lib="dom" />
import { Chime } from '../../../client/src/chat/tab/chime';
import { SoundCues } from '../../../client/src/chat/tab/sound-cues';
import type { CallView, Phase } from '../../../client/src/chat/engine/state';

const LOOKING = { enabled: true, hidden: false, writing: false, now: 0 } as const;

const inCall = (callId: string, ...messages: readonly string[]): Phase => ({
  phase: 'call',
  call: { callId, chat: messages.map((id) => ({ id, mine: id.startsWith('my') })) } as unknown as CallView,
});

describe('C2 sounds', () => {
  it('C2 a match is heard once, in a visible tab too, however often its state is shown', () => {
    const cues = new SoundCues();
    expect(cues.next({ phase: 'idle' }, LOOKING)).toBeNull();
    expect(cues.next(inCall('one'), LOOKING)).toBe('match');
    expect(cues.next(inCall('one'), LOOKING)).toBeNull();
    expect(cues.next({ phase: 'idle' }, LOOKING)).toBeNull();
    expect(cues.next(inCall('one'), LOOKING)).toBeNull();
    expect(cues.next(inCall('two'), LOOKING)).toBe('match');
  });

  it('S8 a message is heard once; one’s own is not, nor a second one right after it', () => {
    const cues = new SoundCues();
    cues.next(inCall('one'), LOOKING);
    expect(cues.next(inCall('one', 'my1'), LOOKING)).toBeNull();
    expect(cues.next(inCall('one', 'my1', 'a'), LOOKING)).toBe('message');
    expect(cues.next(inCall('one', 'my1', 'a'), { ...LOOKING, now: 9000 })).toBeNull();
    expect(cues.next(inCall('one', 'my1', 'a', 'b'), { ...LOOKING, now: 1000 })).toBeNull();
    expect(cues.next(inCall('one', 'my1', 'a', 'b', 'c'), { ...LOOKING, now: 9000 })).toBe('message');
  });

  it('S8 whoever writes in the chat sees the message; in another tab it is heard', () => {
    const cues = new SoundCues();
    cues.next(inCall('one'), LOOKING);
    expect(cues.next(inCall('one', 'a'), { ...LOOKING, writing: true })).toBeNull();
    expect(cues.next(inCall('one', 'a', 'b'), { ...LOOKING, writing: true, hidden: true })).toBe('message');
  });

  it('C2 nothing is heard where the user has switched sounds off, nor made up for afterwards', () => {
    const cues = new SoundCues();
    const off = { ...LOOKING, enabled: false };
    expect(cues.next(inCall('one', 'a'), off)).toBeNull();
    expect(cues.next(inCall('one', 'a'), LOOKING)).toBeNull();
    expect(cues.next(inCall('one', 'a', 'b'), LOOKING)).toBe('message');
  });
});

describe('C2 the chime', () => {
  const tones: string[] = [];
  class Context {
    state: AudioContextState = 'suspended';
    currentTime = 0;
    resume(): Promise<void> {
      this.state = 'running';
      return Promise.resolve();
    }
    createOscillator() {
      tones.push('tone');
      const node = {
        frequency: { setValueAtTime() {}, linearRampToValueAtTime() {} },
        start() {},
        stop() {},
      };
      return { ...node, connect: (next: unknown) => next };
    }
    createGain() {
      const gain = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} };
      return { gain, connect: (next: unknown) => next };
    }
  }

  beforeEach(() => {
    tones.length = 0;
    Object.defineProperty(globalThis, 'AudioContext', { value: Context, configurable: true });
  });
  afterEach(() => Reflect.deleteProperty(globalThis, 'AudioContext'));

  it('C2 is silent before the first gesture, and then has two notes for a match and one for a message', () => {
    const chime = new Chime();
    chime.play('match', 'soft');
    expect(tones).toHaveLength(0);
    chime.prepare();
    chime.play('match', 'soft');
    expect(tones).toHaveLength(2);
    chime.play('message', 'clear');
    expect(tones).toHaveLength(3);
  });
});
