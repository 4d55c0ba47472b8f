/// <reference lib="dom" />
import fc from 'fast-check';
import { VEILED_PIXELS, type CameraEncoding } from '../../../client/src/chat/engine/camera-encodings';
import { CameraSender, type Picture, type VideoSender } from '../../../client/src/chat/engine/camera-sender';

/** What becomes of one request to the browser, and how long it takes. */
interface Fate {
  readonly ms: number;
  readonly outcome:
    'late effect' | 'early effect' | 'failed' | 'failed after its effect' | 'ignored' | 'emptied';
}

class FakeTrack {
  readyState: 'live' | 'ended' = 'live';
  enabled = true;

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly clones: FakeTrack[],
  ) {}

  clone(): FakeTrack {
    const clone = new FakeTrack(this.width, this.height, this.clones);
    clone.readyState = this.readyState;
    this.clones.push(clone);
    return clone;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  getSettings(): MediaTrackSettings {
    return { width: this.width, height: this.height };
  }

  get asTrack(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack;
  }
}

/** A browser's sender that does what it is told late, not at all, or otherwise. It notes whatever it sends too much. */
class FakeSender {
  allowed: Picture = 'none';
  readonly leaks: string[] = [];
  readonly clones: FakeTrack[] = [];
  encodings: RTCRtpEncodingParameters[] = [];
  attached: FakeTrack | null = null;
  private isEmptied = false;

  constructor(private readonly fates: () => Fate) {}

  /** The longer side of what leaves the browser. */
  get sent(): number {
    const { attached } = this;
    if (attached?.readyState !== 'live') return 0;
    const sides = this.encodings
      .filter(({ active }) => active !== false)
      .map(
        ({ scaleResolutionDownBy = 1 }) => Math.max(attached.width, attached.height) / scaleResolutionDownBy,
      );
    return Math.max(0, ...sides);
  }

  /** Has to be called whenever anything has changed. */
  watch(): void {
    const isDark = this.attached?.enabled === false;
    const most = this.allowed === 'full' ? Infinity : this.allowed === 'veiled' || isDark ? VEILED_PIXELS : 0;
    if (this.sent > most + 0.1) this.leaks.push(`${this.sent} pixels, while ${this.allowed} was allowed`);
  }

  readonly produce = async (
    track: MediaStreamTrack,
    encodings: readonly CameraEncoding[],
  ): Promise<VideoSender> => {
    await this.pass(() => {
      this.attached = track as unknown as FakeTrack;
      this.encodings = encodings.map((encoding) => ({ ...encoding }));
    });
    return this as unknown as VideoSender;
  };

  get track(): FakeTrack | null {
    return this.attached;
  }

  getParameters(): RTCRtpSendParameters {
    const encodings = this.isEmptied ? [] : this.encodings.map((encoding) => ({ ...encoding }));
    return { encodings } as unknown as RTCRtpSendParameters;
  }

  setParameters({ encodings }: RTCRtpSendParameters): Promise<void> {
    return this.pass(() => {
      if (encodings.length > 0) this.encodings = encodings.map((encoding) => ({ ...encoding }));
    });
  }

  replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    return this.pass(() => {
      this.attached = track as unknown as FakeTrack | null;
    });
  }

  private async pass(effect: () => void): Promise<void> {
    const { ms, outcome } = this.fates();
    const act = (): void => {
      effect();
      this.watch();
    };
    if (outcome === 'early effect') act();
    if (outcome === 'emptied') this.isEmptied = true;
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.isEmptied = false;
    if (outcome === 'late effect' || outcome === 'failed after its effect') act();
    if (outcome.startsWith('failed')) throw new Error('the browser refused');
  }
}

type Command = Picture | 'next' | 'off' | 'small camera' | 'large camera' | 'portrait camera' | 'negotiated';
const CAMERAS = {
  'small camera': [160, 120],
  'large camera': [1920, 1080],
  'portrait camera': [480, 640],
} as const;

function scene(fates: () => Fate) {
  const browser = new FakeSender(fates);
  const sender = new CameraSender({ ceilingKbps: 1_500, produce: browser.produce });
  const failures: unknown[] = [];
  const all: Promise<void>[] = [];
  const follow = (done: Promise<void>): void =>
    void all.push(done.catch((e: unknown) => void failures.push(e)));
  const source = { track: null as FakeTrack | null };
  const show = (picture: Picture): void => {
    browser.allowed = picture;
    follow(sender.show(picture));
    browser.watch();
  };
  const use = (size: readonly [number, number] | null): void => {
    source.track?.stop();
    source.track = size === null ? null : new FakeTrack(size[0], size[1], browser.clones);
    follow(sender.use(source.track?.asTrack ?? null));
    browser.watch();
  };
  const obey = (command: Command): void => {
    if (command === 'none' || command === 'veiled' || command === 'full') show(command);
    else if (command === 'next') ['none' as const, 'veiled' as const].forEach(show);
    else if (command === 'off') use(null);
    else if (command === 'negotiated') follow(sender.verify());
    else use(CAMERAS[command]);
  };
  return { browser, sender, source, failures, obey, use, show, settled: () => Promise.all(all) };
}

const AT_ONCE: Fate = { ms: 1, outcome: 'late effect' };
const fate = fc.record<Fate>({
  ms: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 3_000 })),
  outcome: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('late effect' as const, 'early effect' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'failed' as const,
        'failed after its effect' as const,
        'ignored' as const,
        'emptied' as const,
      ),
    },
  ),
});
const command = fc.constantFrom<Command>(
  'none',
  'veiled',
  'full',
  'next',
  'off',
  'small camera',
  'large camera',
  'portrait camera',
  'negotiated',
);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('C2 the picture that a line sends', () => {
  it('C2 [C2.1] whatever the browser delays or refuses, no more leaves it than is allowed, and in the end just that', async () => {
    const run = fc.asyncProperty(
      fc.array(fc.tuple(command, fc.nat({ max: 2_000 })), { maxLength: 12 }),
      fc.infiniteStream(fate),
      async (commands, stream) => {
        const { browser, obey, source, failures } = scene(() => stream.next().value ?? AT_ONCE);
        obey('large camera');
        for (const [one, ms] of commands) {
          obey(one);
          await jest.advanceTimersByTimeAsync(ms);
        }
        await jest.advanceTimersByTimeAsync(120_000);
        expect(browser.leaks).toEqual([]);
        const live = browser.clones.filter(({ readyState }) => readyState === 'live');
        // A line that gives up sends nothing, and is replaced.
        if (failures.length > 0 || browser.allowed === 'none' || source.track === null) {
          expect([browser.sent, live]).toEqual([0, []]);
          return;
        }
        const side = Math.max(source.track.width, source.track.height);
        expect(browser.sent).toBeCloseTo(
          browser.allowed === 'full' ? side : Math.min(side, VEILED_PIXELS),
          6,
        );
        expect(live).toEqual([browser.attached]);
      },
    );
    await fc.assert(run, { numRuns: 400 });
  }, 60_000);

  it('C2 both say yes while the veil is still being put on: the full picture follows', async () => {
    const { browser, obey } = scene(() => ({ ms: 2_500, outcome: 'late effect' }));
    obey('large camera');
    await jest.advanceTimersByTimeAsync(10_000);
    obey('veiled');
    await jest.advanceTimersByTimeAsync(1_000);
    obey('full');
    await jest.advanceTimersByTimeAsync(10_000);
    expect([browser.sent, browser.leaks]).toEqual([1920, []]);
  });

  it('C2 [C2.1] Next while the veil is still being taken off: the third person is shown a veiled picture', async () => {
    const { browser, obey } = scene(() => ({ ms: 2_500, outcome: 'late effect' }));
    obey('large camera');
    obey('veiled');
    await jest.advanceTimersByTimeAsync(10_000);
    obey('full');
    await jest.advanceTimersByTimeAsync(500);
    obey('next');
    expect(browser.sent).toBe(0);
    await jest.advanceTimersByTimeAsync(20_000);
    expect([browser.sent, browser.leaks]).toEqual([80, []]);
  });

  it('C2 [C2.1] a browser that reports no encodings sends no picture, and the line is given up', async () => {
    const { browser, obey, failures } = scene(() => AT_ONCE);
    obey('large camera');
    await jest.advanceTimersByTimeAsync(1_000);
    browser.encodings = [];
    obey('veiled');
    await jest.advanceTimersByTimeAsync(10_000);
    expect([browser.sent, browser.attached?.readyState, failures.length]).toEqual([0, undefined, 1]);
  });

  it('C2 [C2.1] a browser that never answers: the line is given up, and what it does later shows nothing', async () => {
    let ms = 1;
    const { browser, obey, failures } = scene(() => ({ ms, outcome: 'late effect' }));
    obey('large camera');
    obey('veiled');
    await jest.advanceTimersByTimeAsync(1_000);
    ms = 60_000;
    obey('full');
    obey('next');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(failures.length).toBeGreaterThan(0);
    await jest.advanceTimersByTimeAsync(60_000);
    expect([browser.sent, browser.leaks]).toEqual([0, []]);
  });

  it('C2 a camera that is switched on for the first time is produced in the dark, and veiled', async () => {
    const { browser, obey, use } = scene(() => ({ ms: 500, outcome: 'early effect' }));
    obey('veiled');
    use([640, 480]);
    await jest.advanceTimersByTimeAsync(100);
    expect([browser.sent, browser.attached?.enabled]).toEqual([80, false]);
    await jest.advanceTimersByTimeAsync(5_000);
    expect([browser.sent, browser.attached?.enabled]).toEqual([80, true]);
  });

  it('C2 two cameras in quick succession make one producer, and the later one is sent', async () => {
    const { browser, obey } = scene(() => ({ ms: 500, outcome: 'late effect' }));
    const produce = jest.spyOn(browser, 'setParameters');
    obey('large camera');
    obey('portrait camera');
    obey('full');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(browser.attached?.height).toBe(640);
    expect(produce).toHaveBeenCalledTimes(1);
  });
});
