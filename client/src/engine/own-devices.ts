import type { Mode } from '../../../src/protocol';
import { KeptOff } from './kept-off';
import type { DeviceFault, DeviceKind, DeviceState, Devices } from './state';

export type { DeviceKind } from './state';

const PICTURE: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};
const SOUND: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};
const NONE: DeviceState = { state: 'unasked' };

/** One's own camera and microphone: asked for, switched off and on, exchanged, lost. */
export class OwnDevices {
  state: Devices = { camera: NONE, microphone: NONE, stream: null, cameras: [], microphones: [] };
  private readonly wanted: Record<DeviceKind, string | undefined> = {
    camera: undefined,
    microphone: undefined,
  };
  private readonly keptOff = new KeptOff();
  private meter:
    { context: AudioContext; analyser: AnalyserNode; samples: Uint8Array<ArrayBuffer> } | undefined;

  constructor(
    /** The track of this kind is another one from now on (null: none). */
    private readonly changed: (kind: DeviceKind, track: MediaStreamTrack | null) => void,
    private readonly onState: () => void,
  ) {
    navigator.mediaDevices?.addEventListener('devicechange', this.onDeviceChange);
  }

  track(kind: DeviceKind): MediaStreamTrack | null {
    const tracks =
      kind === 'camera' ? this.state.stream?.getVideoTracks() : this.state.stream?.getAudioTracks();
    return tracks?.[0] ?? null;
  }

  /**
   * Asks for what the mode needs and is not there yet: what has failed before is tried again only where the
   * person wants it (`retry`). Resolves when every question is answered, either way.
   */
  async ask(mode: Mode, retry: boolean): Promise<void> {
    if (mode === 'text') return;
    const kinds: DeviceKind[] = mode === 'video' ? ['microphone', 'camera'] : ['microphone'];
    const missing = kinds.filter((kind) => {
      const { state } = this.state[kind];
      return state === 'unasked' || (retry && state === 'faulty');
    });
    if (missing.length === 0) return;
    const fault = impossible();
    // A camera that was switched off is not even opened: its light would say the opposite of what was asked for.
    const dark = fault === undefined && missing.includes('camera') && this.keptOff.has('camera');
    if (dark) this.set('camera', { state: 'ready', off: true, deviceId: '' });
    const wanted = missing.filter((kind) => !(dark && kind === 'camera'));
    for (const kind of wanted)
      this.set(kind, fault === undefined ? { state: 'asking' } : { state: 'faulty', fault });
    if (fault !== undefined) return;
    // Both at once asks the person one question; where that fails, one by one tells which of the two it was.
    if (wanted.length > 1 && (await this.open(wanted, false))) return this.list();
    for (const kind of wanted) await this.open([kind], true);
    await this.list();
  }

  async choose(kind: DeviceKind, deviceId: string): Promise<void> {
    this.wanted[kind] = deviceId;
    if (this.state[kind].state === 'ready' && this.state[kind].off) return;
    this.drop(kind);
    await this.open([kind], true);
  }

  /** Off means off: a camera is let go, so that its light goes out; a microphone stays, silent. */
  async switch(kind: DeviceKind, on: boolean): Promise<void> {
    const state = this.state[kind];
    if (state.state !== 'ready' || state.off !== on) return;
    this.keptOff.keep(kind, !on);
    if (kind === 'microphone') {
      const track = this.track(kind);
      if (track !== null) track.enabled = on;
      this.set(kind, { ...state, off: !on });
      return;
    }
    if (on) {
      await this.open([kind], true);
      return;
    }
    this.drop(kind);
    this.set(kind, { ...state, off: true });
  }

  level(): number {
    const track = this.track('microphone');
    if (track === null || !track.enabled || this.state.stream === null) return 0;
    this.meter ??= this.openMeter(this.state.stream);
    const { analyser, samples } = this.meter;
    analyser.getByteTimeDomainData(samples);
    let peak = 0;
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample - 128) / 128);
    return Math.min(1, peak * 1.6);
  }

  close(): void {
    navigator.mediaDevices?.removeEventListener('devicechange', this.onDeviceChange);
    for (const track of this.state.stream?.getTracks() ?? []) track.stop();
    this.closeMeter();
  }

  /** Whether these could be opened. `report`: what went wrong becomes their state. */
  private async open(kinds: readonly DeviceKind[], report: boolean): Promise<boolean> {
    try {
      const opened = await navigator.mediaDevices.getUserMedia({
        ...(kinds.includes('camera') ? { video: withId(PICTURE, this.wanted.camera) } : {}),
        ...(kinds.includes('microphone') ? { audio: withId(SOUND, this.wanted.microphone) } : {}),
      });
      const taken = opened.getTracks().map((track) => ({ kind: kindOf(track), track }));
      for (const { kind, track } of taken) this.take(kind, track);
      // Told when all are there, so that a line is made once, with everything.
      for (const { kind, track } of taken) this.changed(kind, track);
      return true;
    } catch (error) {
      const fault = faultOf(error);
      // The chosen device is gone: any other one is better than none.
      const choice = kinds.find((kind) => this.wanted[kind] !== undefined);
      if (fault === 'missing' && choice !== undefined) {
        this.wanted[choice] = undefined;
        return this.open(kinds, report);
      }
      if (report) for (const kind of kinds) this.set(kind, { state: 'faulty', fault });
      return false;
    }
  }

  private take(kind: DeviceKind, track: MediaStreamTrack): void {
    this.drop(kind);
    const stream = this.state.stream ?? new MediaStream();
    stream.addTrack(track);
    track.addEventListener('ended', () => {
      if (this.track(kind) !== track) return;
      this.drop(kind);
      this.set(kind, { state: 'faulty', fault: 'lost' });
    });
    this.state = { ...this.state, stream };
    // Opened muted where it was muted before: no word gets out in between.
    const off = this.keptOff.has(kind);
    track.enabled = !off;
    this.set(kind, { state: 'ready', off, deviceId: track.getSettings().deviceId ?? '' });
    if (kind === 'microphone') this.closeMeter();
  }

  private drop(kind: DeviceKind): void {
    const track = this.track(kind);
    if (track === null) return;
    this.state.stream?.removeTrack(track);
    track.stop();
    this.changed(kind, null);
  }

  private async list(): Promise<void> {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const of = (kind: MediaDeviceKind) =>
      all.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, label }));
    this.state = { ...this.state, cameras: of('videoinput'), microphones: of('audioinput') };
    this.onState();
  }

  private set(kind: DeviceKind, state: DeviceState): void {
    this.state = { ...this.state, [kind]: state };
    this.onState();
  }

  private readonly onDeviceChange = (): void => void this.list();

  private openMeter(stream: MediaStream): NonNullable<OwnDevices['meter']> {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    context.createMediaStreamSource(stream).connect(analyser);
    return { context, analyser, samples: new Uint8Array(analyser.fftSize) };
  }

  private closeMeter(): void {
    void this.meter?.context.close();
    this.meter = undefined;
  }
}

const withId = (constraints: MediaTrackConstraints, id: string | undefined): MediaTrackConstraints =>
  id === undefined || id === '' ? constraints : { ...constraints, deviceId: { exact: id } };

const kindOf = (track: MediaStreamTrack): DeviceKind => (track.kind === 'video' ? 'camera' : 'microphone');

/** Why there is no point in asking at all. */
function impossible(): DeviceFault | undefined {
  if (typeof RTCPeerConnection === 'undefined') return 'unsupported';
  if (navigator.mediaDevices?.getUserMedia === undefined)
    return window.isSecureContext ? 'unsupported' : 'insecure';
  return undefined;
}

/** The browser's names for what can go wrong with a device, as the person needs them. */
export function faultOf(error: unknown): DeviceFault {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    default:
      return 'unknown';
  }
}
