import type * as wrtcTypes from '@roamhq/wrtc';

type Wrtc = typeof wrtcTypes;

/** WebRTC's names that mediasoup-client looks for where a browser has them. */
const GLOBALS = [
  'MediaStream',
  'MediaStreamTrack',
  'RTCPeerConnection',
  'RTCSessionDescription',
  'RTCIceCandidate',
] as const;

const PICTURE = { width: 64, height: 48 };
const FRAME_MS = 100;
const SOUND = { sampleRate: 48_000, numberOfFrames: 480, channelCount: 1, bitsPerSample: 16 };
const SOUND_MS = 10;

/** One camera and one microphone for all clients with real media, and a way to see what arrives. */
export class Pictures {
  private readonly camera: wrtcTypes.nonstandard.RTCVideoSource;
  private readonly microphone: wrtcTypes.nonstandard.RTCAudioSource;
  private readonly timers: NodeJS.Timeout[] = [];

  private constructor(private readonly wrtc: Wrtc) {
    this.camera = new wrtc.nonstandard.RTCVideoSource();
    this.microphone = new wrtc.nonstandard.RTCAudioSource();
    const { width, height } = PICTURE;
    const data = new Uint8Array((width * height * 3) / 2).fill(128);
    let shown = 0;
    this.every(FRAME_MS, () => {
      shown += 1;
      // Another grey each time, so that there is something to send.
      data.fill((shown * 7) % 256, 0, width * height);
      this.camera.onFrame({ width, height, data });
    });
    const samples = new Int16Array(SOUND.numberOfFrames);
    this.every(SOUND_MS, () => this.microphone.onData({ ...SOUND, samples }));
  }

  /** Loads WebRTC, which runs without media do not need. */
  static async open(): Promise<Pictures> {
    const wrtc = (await import('@roamhq/wrtc')) as Wrtc & { default?: Wrtc };
    const loaded = wrtc.default ?? wrtc;
    for (const name of GLOBALS) Object.assign(globalThis, { [name]: loaded[name] });
    return new Pictures(loaded);
  }

  tracks(): { camera: MediaStreamTrack; microphone: MediaStreamTrack } {
    return { camera: this.camera.createTrack(), microphone: this.microphone.createTrack() };
  }

  /** Calls back with each picture that arrives on this track; the result ends that. */
  watch(track: MediaStreamTrack, seen: () => void): () => void {
    const sink = new this.wrtc.nonstandard.RTCVideoSink(track);
    sink.onframe = seen;
    return () => sink.stop();
  }

  close(): void {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
  }

  private every(ms: number, task: () => void): void {
    this.timers.push(setInterval(task, ms));
  }
}
