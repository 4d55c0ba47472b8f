/// <reference lib="dom" />
import { LocalDevices } from '../../../client/src/chat/engine/local-devices';
import { installBrowserDoubles, type BrowserDoubles } from './browser-doubles';

type RequestOptions = { video?: unknown; audio?: unknown };

class Track extends EventTarget {
  enabled = true;
  constructor(readonly kind: 'video' | 'audio') {
    super();
  }
  stop(): void {
    // Nothing runs here.
  }
  getSettings(): { deviceId: string } {
    return { deviceId: `${this.kind} one` };
  }
}

class Stream {
  private tracks: Track[] = [];
  addTrack(track: Track): void {
    this.tracks.push(track);
  }
  removeTrack(track: Track): void {
    this.tracks = this.tracks.filter((other) => other !== track);
  }
  getTracks = (): Track[] => this.tracks;
  getVideoTracks = (): Track[] => this.tracks.filter(({ kind }) => kind === 'video');
  getAudioTracks = (): Track[] => this.tracks.filter(({ kind }) => kind === 'audio');
}

let browser: BrowserDoubles;
let asked: string[];
beforeEach(() => {
  browser = installBrowserDoubles();
  asked = [];
  Object.assign(navigator, {
    mediaDevices: {
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
      enumerateDevices: () => Promise.resolve([]),
      getUserMedia: ({ video, audio }: RequestOptions) => {
        const kinds = [...(video ? ['video' as const] : []), ...(audio ? ['audio' as const] : [])];
        asked.push(kinds.join('+'));
        return Promise.resolve({ getTracks: () => kinds.map((kind) => new Track(kind)) });
      },
    },
  });
  Object.assign(globalThis, { MediaStream: Stream, RTCPeerConnection: class {} });
});
afterEach(() => {
  browser.restore();
  Reflect.deleteProperty(globalThis, 'MediaStream');
  Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
});

const page = (): LocalDevices =>
  new LocalDevices(
    () => undefined,
    () => undefined,
  );

describe('S4 what was switched off', () => {
  it('S4 stays off when the page is loaded again: the camera is not even opened, the microphone silent', async () => {
    const before = page();
    await before.ask('video', false);
    await before.switch('camera', false);
    await before.switch('microphone', false);
    const after = page();
    await after.ask('video', false);
    expect(asked).toEqual(['video+audio', 'audio']);
    expect(after.state).toMatchObject({ camera: { off: true }, microphone: { off: true } });
    expect(after.track('camera')).toBeNull();
    expect(after.track('microphone')?.enabled).toBe(false);
  });

  it('S4 is on again for good once it is switched on', async () => {
    const before = page();
    await before.ask('video', false);
    await before.switch('camera', false);
    const after = page();
    await after.ask('video', false);
    await after.switch('camera', true);
    expect(after.track('camera')).not.toBeNull();
    expect([...browser.stored.keys()]).not.toContain('passerby.off');
    const later = page();
    await later.ask('video', false);
    expect(later.state).toMatchObject({ camera: { off: false }, microphone: { off: false } });
  });
});
