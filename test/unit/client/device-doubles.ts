/// <reference lib="dom" />
import { installBrowserDoubles, type BrowserDoubles } from './browser-doubles';

type Kind = 'video' | 'audio';

/** A track of a camera or microphone, with everything that a browser may do to it. */
export class FakeTrack extends EventTarget {
  enabled = true;
  muted = false;
  readyState: 'live' | 'ended' = 'live';
  stops = 0;

  constructor(
    readonly kind: Kind,
    readonly deviceId: string,
  ) {
    super();
  }

  stop(): void {
    this.stops += 1;
    this.readyState = 'ended';
  }

  getSettings(): { deviceId: string } {
    return { deviceId: this.deviceId };
  }

  /** The device is gone. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }
}

class FakeStream {
  private tracks: FakeTrack[] = [];
  addTrack(track: FakeTrack): void {
    this.tracks.push(track);
  }
  removeTrack(track: FakeTrack): void {
    this.tracks = this.tracks.filter((other) => other !== track);
  }
  getTracks = (): FakeTrack[] => this.tracks;
}

interface Constraint {
  deviceId?: { exact?: string };
  frameRate?: unknown;
}

/** One call of `getUserMedia`. */
export interface Asked {
  readonly video?: Constraint;
  readonly audio?: Constraint;
  /** What was opened with it, once it was answered. */
  readonly opened: FakeTrack[];
  allow(): void;
  refuse(name: string, more?: Record<string, unknown>): void;
}

interface Listed {
  kind: 'videoinput' | 'audioinput' | 'audiooutput';
  deviceId: string;
  label: string;
  groupId: string;
}

export interface DeviceDoubles extends BrowserDoubles {
  readonly asked: Asked[];
  /** Whether requests are answered at once with what they ask for. */
  answersAtOnce: boolean;
  plugged: Listed[];
  readonly permissions: Record<'camera' | 'microphone', PermissionState>;
  /** Something was plugged in or out. */
  devicesChange(): Promise<void>;
  permit(name: 'camera' | 'microphone', state: PermissionState): Promise<void>;
  /** Every track that is still live. */
  live(): FakeTrack[];
}

/** Lets everything run that waits for promises. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

const failure = (name: string, more: Record<string, unknown>): Error =>
  Object.assign(new Error(name), { name }, more);

const device = (kind: Listed['kind'], deviceId: string): Listed => ({
  kind,
  deviceId,
  label: deviceId,
  groupId: deviceId,
});

export function installDeviceDoubles(): DeviceDoubles {
  const browser = installBrowserDoubles();
  const local = new Map<string, string>();
  const changes = new EventTarget();
  const statuses = new Map<string, { state: PermissionState; onchange: (() => void) | null }>();
  const asked: Asked[] = [];
  const doubles: DeviceDoubles = {
    ...browser,
    asked,
    answersAtOnce: true,
    plugged: [
      device('videoinput', 'video one'),
      device('videoinput', 'video two'),
      device('audioinput', 'audio one'),
      device('audioinput', 'audio two'),
    ],
    permissions: { camera: 'granted', microphone: 'granted' },
    devicesChange: async () => {
      changes.dispatchEvent(new Event('devicechange'));
      await settle();
    },
    permit: async (name, state) => {
      doubles.permissions[name] = state;
      const status = statuses.get(name);
      if (status !== undefined) status.state = state;
      status?.onchange?.();
      await settle();
    },
    live: () => asked.flatMap(({ opened }) => opened).filter(({ readyState }) => readyState === 'live'),
    restore: () => {
      for (const name of ['MediaStream', 'RTCPeerConnection', 'localStorage'])
        Reflect.deleteProperty(globalThis, name);
      browser.restore();
    },
  };
  const opens = (kind: Kind, wanted: Constraint | undefined): FakeTrack[] => {
    if (wanted === undefined) return [];
    const id = wanted.deviceId?.exact;
    const there = doubles.plugged.filter((one) => one.kind === `${kind}input`).map((one) => one.deviceId);
    const taken = id === undefined ? there[0] : there.find((one) => one === id);
    if (taken === undefined) throw failure('OverconstrainedError', { constraint: 'deviceId' });
    return [new FakeTrack(kind, taken)];
  };
  Object.assign(navigator, {
    mediaDevices: {
      addEventListener: changes.addEventListener.bind(changes),
      removeEventListener: changes.removeEventListener.bind(changes),
      enumerateDevices: () => Promise.resolve(doubles.plugged),
      getUserMedia: ({ video, audio }: { video?: Constraint; audio?: Constraint }) =>
        new Promise((resolve, reject) => {
          const opened: FakeTrack[] = [];
          asked.push({
            ...(video && { video }),
            ...(audio && { audio }),
            opened,
            allow: () => {
              try {
                opened.push(...opens('video', video), ...opens('audio', audio));
                resolve({ getTracks: () => opened });
              } catch (error) {
                reject(error instanceof Error ? error : new Error(String(error)));
              }
            },
            refuse: (name, more = {}) => reject(failure(name, more)),
          });
          if (doubles.answersAtOnce) asked.at(-1)?.allow();
        }),
    },
    permissions: {
      query: ({ name }: { name: 'camera' | 'microphone' }) => {
        const status = { state: doubles.permissions[name], onchange: null };
        statuses.set(name, status);
        return Promise.resolve(status);
      },
    },
  });
  Object.assign(globalThis, {
    MediaStream: FakeStream,
    RTCPeerConnection: class {},
    localStorage: {
      getItem: (key: string) => local.get(key) ?? null,
      setItem: (key: string, value: string) => local.set(key, value),
    },
  });
  return doubles;
}
