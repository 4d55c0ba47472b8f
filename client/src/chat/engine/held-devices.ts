import { DeviceTrack, type DeviceTrackEvents } from './device-track';
import type { DeviceKind, DeviceState, Devices } from './state';

const INITIAL_STATE: Devices = {
  camera: { state: 'unasked' },
  microphone: { state: 'unasked' },
  stream: null,
  cameras: [],
  microphones: [],
  speakers: [],
  speaker: '',
};

export interface HeldDevicesEvents {
  stateChanged(): void;
  /** The track of this kind is closed, and there is none. */
  dropped(kind: DeviceKind): void;
}

/** The devices that are open, each with its track, and what the screens show of all of them. */
export class HeldDevices {
  state: Devices = INITIAL_STATE;
  private readonly open = new Map<DeviceKind, DeviceTrack>();

  constructor(private readonly events: HeldDevicesEvents) {}

  get(kind: DeviceKind): DeviceTrack | undefined {
    return this.open.get(kind);
  }

  isLive(kind: DeviceKind): boolean {
    return this.open.get(kind)?.isLive === true;
  }

  isLost(kind: DeviceKind): boolean {
    const state = this.state[kind];
    return state.state === 'faulty' && state.fault === 'lost';
  }

  /**
   * Uses this track from now on. The one that it replaces is closed. `off`: opened silent or dark, so that nothing is
   * sent in between.
   */
  hold(kind: DeviceKind, track: MediaStreamTrack, off: boolean, events: DeviceTrackEvents): DeviceTrack {
    const stream = this.state.stream ?? new MediaStream();
    const replaced = this.open.get(kind);
    const device = new DeviceTrack(track, events);
    this.open.set(kind, device);
    track.enabled = !off;
    stream.addTrack(track);
    if (replaced !== undefined) {
      stream.removeTrack(replaced.track);
      replaced.stop();
    }
    const { deviceId } = device;
    const trouble = track.muted ? ({ trouble: 'interrupted' } as const) : {};
    this.change({ stream, [kind]: { state: 'ready', off, deviceId, ...trouble } });
    return device;
  }

  drop(kind: DeviceKind): void {
    const device = this.open.get(kind);
    if (device === undefined) return;
    this.open.delete(kind);
    this.state.stream?.removeTrack(device.track);
    device.stop();
    this.events.dropped(kind);
  }

  set(kind: DeviceKind, state: DeviceState): void {
    this.change({ [kind]: state });
  }

  change(change: Partial<Devices>): void {
    this.state = { ...this.state, ...change };
    this.events.stateChanged();
  }
}
