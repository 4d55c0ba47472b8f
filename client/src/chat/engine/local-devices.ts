import type { Mode } from '../../../../src/protocol';
import { MutedDevices } from './muted-devices';
import type { DeviceError, DeviceKind, DeviceState, Devices } from './state';

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

/**
 * The user's camera and microphone: opens them, turns them off and on, exchanges them, and notices when they are
 * lost.
 */
export class LocalDevices {
  state: Devices = { camera: NONE, microphone: NONE, stream: null, cameras: [], microphones: [] };
  private readonly wanted: Record<DeviceKind, string | undefined> = {
    camera: undefined,
    microphone: undefined,
  };
  private readonly mutedDevices = new MutedDevices();
  private meter:
    { context: AudioContext; analyser: AnalyserNode; samples: Uint8Array<ArrayBuffer> } | undefined;

  constructor(
    /** The track of this kind has changed (null: there is none). */
    private readonly changed: (kind: DeviceKind, track: MediaStreamTrack | null) => void,
    private readonly onState: () => void,
  ) {}

  /** Follows which devices are plugged in and out. A second call does nothing: the listener is the same. */
  start(): void {
    navigator.mediaDevices?.addEventListener('devicechange', this.onDeviceChange);
  }

  track(kind: DeviceKind): MediaStreamTrack | null {
    const tracks =
      kind === 'camera' ? this.state.stream?.getVideoTracks() : this.state.stream?.getAudioTracks();
    return tracks?.[0] ?? null;
  }

  /**
   * Opens the devices that the mode needs and that are not open yet. Devices that have failed are tried again only
   * with `retry`. Resolves when each device is open or has failed.
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
    // A camera that is turned off is not opened, because its light would suggest the opposite.
    const dark = fault === undefined && missing.includes('camera') && this.mutedDevices.has('camera');
    if (dark) this.set('camera', { state: 'ready', off: true, deviceId: '' });
    const wanted = missing.filter((kind) => !(dark && kind === 'camera'));
    for (const kind of wanted)
      this.set(kind, fault === undefined ? { state: 'asking' } : { state: 'faulty', fault });
    if (fault !== undefined) return;
    // Opening both at once shows one permission prompt. If that fails, opening them one by one shows which one
    // failed.
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

  /** Turning a camera off closes it, so that its light goes out. A microphone stays open, but silent. */
  async switch(kind: DeviceKind, on: boolean): Promise<void> {
    const state = this.state[kind];
    if (state.state !== 'ready' || state.off !== on) return;
    this.mutedDevices.keep(kind, !on);
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

  /** Opens these devices and resolves with whether it succeeded. `report`: a failure becomes their state. */
  private async open(kinds: readonly DeviceKind[], report: boolean): Promise<boolean> {
    try {
      const opened = await navigator.mediaDevices.getUserMedia({
        ...(kinds.includes('camera') ? { video: withId(PICTURE, this.wanted.camera) } : {}),
        ...(kinds.includes('microphone') ? { audio: withId(SOUND, this.wanted.microphone) } : {}),
      });
      const taken = opened.getTracks().map((track) => ({ kind: kindOf(track), track }));
      for (const { kind, track } of taken) this.take(kind, track);
      // Reported when all are open, so that a line is opened once, with all tracks.
      for (const { kind, track } of taken) this.changed(kind, track);
      return true;
    } catch (error) {
      const fault = deviceErrorOf(error);
      // The chosen device is gone, so any other one is used.
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
    // A microphone that was muted is opened muted, so that no sound is sent in between.
    const off = this.mutedDevices.has(kind);
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

  private openMeter(stream: MediaStream): NonNullable<LocalDevices['meter']> {
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

/** Why this browser or page cannot open devices at all. */
function impossible(): DeviceError | undefined {
  if (typeof RTCPeerConnection === 'undefined') return 'unsupported';
  if (navigator.mediaDevices?.getUserMedia === undefined)
    return window.isSecureContext ? 'unsupported' : 'insecure';
  return undefined;
}

/** The device error for a `DOMException` of `getUserMedia`. */
export function deviceErrorOf(error: unknown): DeviceError {
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
