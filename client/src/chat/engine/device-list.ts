import type { DeviceKind, Devices, ListedDevice } from './state';

export type ListedDevices = Pick<Devices, 'cameras' | 'microphones' | 'speakers'>;

export interface DeviceListEvents {
  listed(devices: ListedDevices): void;
  /** A device was plugged in or out, and the list is up to date. */
  pluggedInOrOut(): void;
  /** The system's default microphone is another one now. */
  defaultMicrophoneChanged(): void;
  /** The browser's permission has changed. */
  permissionChanged(kind: DeviceKind, state: PermissionState): void;
  /** The page is visible again. Some systems end tracks of hidden pages without an event. */
  shownAgain(): void;
}

/** The name under which browsers list the system's default device, beside the device itself. */
const DEFAULT = 'default';

/** Follows which devices there are, and whether the browser permits them. */
export class DeviceList {
  private readonly permissions = new Map<DeviceKind, PermissionStatus>();
  private defaultMicrophone: string | undefined;
  private started = false;
  private closed = false;

  constructor(private readonly events: DeviceListEvents) {}

  start(): void {
    if (this.started || this.closed) return;
    this.started = true;
    navigator.mediaDevices?.addEventListener('devicechange', this.onDeviceChange);
    window.addEventListener('visibilitychange', this.onVisibility, true);
    for (const kind of ['camera', 'microphone'] as const) void this.followPermission(kind);
    // Browsers say whether there are devices before anybody has asked for one. Their names come with the permission.
    void this.refresh();
  }

  /** What the browser permits, or null where it does not say. */
  permission(kind: DeviceKind): PermissionState | null {
    return this.permissions.get(kind)?.state ?? null;
  }

  async refresh(): Promise<void> {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    if (this.closed) return;
    const of = (kind: MediaDeviceKind): ListedDevice[] =>
      all.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, label }));
    const before = this.defaultMicrophone;
    this.defaultMicrophone = all.find(
      ({ kind, deviceId }) => kind === 'audioinput' && deviceId === DEFAULT,
    )?.groupId;
    this.events.listed({
      cameras: of('videoinput'),
      microphones: of('audioinput'),
      speakers: choosesSpeakers() ? of('audiooutput') : [],
    });
    if (before !== undefined && this.defaultMicrophone !== undefined && before !== this.defaultMicrophone)
      this.events.defaultMicrophoneChanged();
  }

  close(): void {
    this.closed = true;
    navigator.mediaDevices?.removeEventListener('devicechange', this.onDeviceChange);
    window.removeEventListener('visibilitychange', this.onVisibility, true);
    for (const status of this.permissions.values()) status.onchange = null;
  }

  private async followPermission(kind: DeviceKind): Promise<void> {
    try {
      const status = await navigator.permissions.query({ name: kind });
      if (this.closed) return;
      this.permissions.set(kind, status);
      status.onchange = () => {
        // Labels appear and disappear with the permission.
        void this.refresh();
        this.events.permissionChanged(kind, status.state);
      };
    } catch {
      // This browser does not tell. Its tracks and requests still do.
    }
  }

  private readonly onDeviceChange = (): void =>
    void this.refresh().then(() => {
      if (!this.closed) this.events.pluggedInOrOut();
    });

  private readonly onVisibility = (): void => {
    if (document.visibilityState === 'visible') this.events.shownAgain();
  };
}

/** Whether this browser lets a page choose where its sound comes out. */
const choosesSpeakers = (): boolean =>
  typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;
