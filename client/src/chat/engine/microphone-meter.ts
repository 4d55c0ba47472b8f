/** How much of the sound the level is taken from. */
const LEVEL_SAMPLES = 2_048;
/** The most samples that browsers keep: 0.7 s at 48 kHz, so that no moment is missed between two looks. */
const SILENCE_SAMPLES = 32_768;
const LOOK_MS = 500;
/**
 * A microphone in a silent room still gives noise. For so long it gives exactly nothing only when it is switched off at
 * the device, or by the system.
 */
const SILENT_AFTER_MS = 6_000;

interface Graph {
  readonly track: MediaStreamTrack;
  readonly context: AudioContext;
  readonly level: AnalyserNode;
  readonly levels: Float32Array<ArrayBuffer>;
  readonly silence: AnalyserNode;
  readonly samples: Float32Array<ArrayBuffer>;
}

/** Measures how loud the microphone is, and notices when it gives no signal at all. */
export class MicrophoneMeter {
  private graph: Graph | undefined;
  private timer: number | undefined;
  private zeroSince: number | undefined;
  private silent = false;

  /** `onSilence`: the microphone gives no signal, or gives one again. */
  constructor(private readonly onSilence: (silent: boolean) => void) {}

  /** 0–1, or null while the browser does not let the page listen: it waits for a gesture of the user. */
  level(track: MediaStreamTrack): number | null {
    this.follow(track);
    const { graph } = this;
    if (graph?.context.state !== 'running') return null;
    graph.level.getFloatTimeDomainData(graph.levels);
    let peak = 0;
    for (const sample of graph.levels) peak = Math.max(peak, Math.abs(sample));
    return Math.min(1, peak * 1.6);
  }

  /** Measures this track from now on. */
  follow(track: MediaStreamTrack): void {
    if (this.graph?.track === track || typeof AudioContext === 'undefined') return;
    this.close();
    this.graph = graphFor(track);
    this.resume();
    // A context that was made without a gesture, or that a phone call has interrupted, sleeps until it is woken.
    for (const gesture of GESTURES) window.addEventListener(gesture, this.resume, true);
    this.timer = window.setInterval(() => this.look(), LOOK_MS);
  }

  close(): void {
    if (this.graph === undefined) return;
    window.clearInterval(this.timer);
    for (const gesture of GESTURES) window.removeEventListener(gesture, this.resume, true);
    this.graph.context.close().catch(() => undefined);
    this.graph = undefined;
    this.zeroSince = undefined;
    this.silent = false;
  }

  private look(): void {
    const { graph } = this;
    if (graph === undefined) return;
    const { track, context, silence, samples } = graph;
    // A microphone that is muted here or by the system is silent for a reason that is known.
    if (context.state !== 'running' || !track.enabled || track.muted || track.readyState === 'ended') {
      this.zeroSince = undefined;
      return;
    }
    silence.getFloatTimeDomainData(samples);
    if (samples.some((sample) => sample !== 0)) {
      this.zeroSince = undefined;
      this.say(false);
      return;
    }
    this.zeroSince ??= performance.now();
    if (performance.now() - this.zeroSince >= SILENT_AFTER_MS) this.say(true);
  }

  private say(silent: boolean): void {
    if (this.silent === silent) return;
    this.silent = silent;
    this.onSilence(silent);
  }

  private readonly resume = (): void => {
    const { graph } = this;
    if (graph !== undefined && graph.context.state !== 'running')
      graph.context.resume().catch(() => undefined);
  };
}

const GESTURES = ['pointerdown', 'keydown', 'touchend'] as const;

function graphFor(track: MediaStreamTrack): Graph {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const [level, silence] = [context.createAnalyser(), context.createAnalyser()];
  level.fftSize = LEVEL_SAMPLES;
  silence.fftSize = SILENCE_SAMPLES;
  source.connect(level);
  source.connect(silence);
  return {
    track,
    context,
    level,
    levels: new Float32Array(LEVEL_SAMPLES),
    silence,
    samples: new Float32Array(SILENCE_SAMPLES),
  };
}
