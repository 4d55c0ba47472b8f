import type { BrowserContext, Page } from 'playwright-core';

/** How the browser answers the next request for devices, instead of at once. */
export type NextAnswer =
  | { readonly fails: string }
  | { readonly hangs: true }
  | { readonly takesMs: number }
  /** The microphone is open and gives digital silence. */
  | { readonly isSilent: true };

interface LocalTrack {
  readonly kind: string;
  readonly deviceId: string;
  readonly label: string;
}

/** What a page has open of cameras, microphones and connections. */
export interface MediaSeen {
  /** The user's own tracks that are live. */
  readonly live: readonly LocalTrack[];
  /** The labels of what the browser has opened for the page, in that order, also of what is closed again. */
  readonly openedLabels: readonly string[];
  /** How many of the user's own tracks were opened, and how many the page has stopped. */
  readonly opened: number;
  readonly stopped: number;
  /** What `getUserMedia` was asked for: `video+audio`, `audio` … */
  readonly asked: readonly string[];
  /** Connections that were made, and those that are not closed. */
  readonly peersMade: number;
  readonly peersOpen: number;
}

export type Outbound = Readonly<Record<'audio' | 'video', number>>;

interface SpyInPage {
  readonly answers: NextAnswer[];
  see(): MediaSeen;
  /** Bytes of RTP that have left since the page was opened. */
  outbound(): Promise<Record<'audio' | 'video', number>>;
  /** Answers the requests that hang. */
  letGo(): void;
  /** The device is gone, as when it is unplugged. */
  end(kind: 'audio' | 'video'): void;
  /** The system takes the device, or gives it back. */
  interrupt(kind: 'audio' | 'video', muted: boolean): void;
}

declare global {
  interface Window {
    mediaSpy: SpyInPage;
  }
}

/** Runs in the page before anything else. */
function install(): void {
  const tracks = new Set<MediaStreamTrack>();
  const peers: RTCPeerConnection[] = [];
  const [asked, openedLabels] = [new Array<string>(), new Array<string>()];
  const [answers, hanging] = [new Array<NextAnswer>(), new Array<() => void>()];
  let stopped = 0;

  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    asked.push(['video', 'audio'].filter((kind) => wanted?.[kind as 'video' | 'audio']).join('+'));
    const answer = answers.shift();
    if (answer !== undefined && 'fails' in answer) throw new DOMException('by the test', answer.fails);
    if (answer !== undefined && 'hangs' in answer)
      await new Promise<void>((resolve) => hanging.push(resolve));
    if (answer !== undefined && 'takesMs' in answer)
      await new Promise((resolve) => setTimeout(resolve, answer.takesMs));
    const isSilent = answer !== undefined && 'isSilent' in answer;
    const stream = isSilent ? new AudioContext().createMediaStreamDestination().stream : await open(wanted);
    for (const track of stream.getTracks()) {
      tracks.add(track);
      openedLabels.push(track.label);
    }
    return stream;
  };
  const clone = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function copied(this: MediaStreamTrack) {
    const made = clone.call(this);
    if (tracks.has(this)) tracks.add(made);
    return made;
  };
  const stop = MediaStreamTrack.prototype.stop;
  MediaStreamTrack.prototype.stop = function counted(this: MediaStreamTrack) {
    if (tracks.has(this) && this.readyState === 'live') stopped += 1;
    stop.call(this);
  };
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.push(this);
    }
  };

  const liveOf = (kind?: string): MediaStreamTrack[] =>
    [...tracks].filter((track) => track.readyState === 'live' && (kind ?? track.kind) === track.kind);
  window.mediaSpy = {
    answers,
    see: () => ({
      live: liveOf().map((track) => ({
        kind: track.kind,
        deviceId: track.getSettings().deviceId ?? '',
        label: track.label,
      })),
      openedLabels: [...openedLabels],
      opened: tracks.size,
      stopped,
      asked: [...asked],
      peersMade: peers.length,
      peersOpen: peers.filter(({ signalingState }) => signalingState !== 'closed').length,
    }),
    outbound: async () => {
      const bytes = { audio: 0, video: 0 };
      for (const peer of peers) {
        const stats = await peer.getStats();
        for (const entry of stats.values() as Iterable<RTCOutboundRtpStreamStats>) {
          if (entry.type !== 'outbound-rtp') continue;
          if (entry.kind === 'audio' || entry.kind === 'video') bytes[entry.kind] += entry.bytesSent ?? 0;
        }
      }
      return bytes;
    },
    letGo: () => {
      for (const answer of hanging.splice(0)) answer();
    },
    end: (kind) => {
      for (const track of liveOf(kind)) {
        stop.call(track);
        track.dispatchEvent(new Event('ended'));
      }
    },
    interrupt: (kind, muted) => {
      for (const track of liveOf(kind)) {
        Object.defineProperty(track, 'muted', { configurable: true, get: () => muted });
        track.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
      }
    },
  };
}

/** Watches the media of every page that this context opens from now on. */
export async function spyOnMedia(context: BrowserContext): Promise<void> {
  await context.addInitScript(install);
}

export const mediaOf = (page: Page): Promise<MediaSeen> => page.evaluate(() => window.mediaSpy.see());

/** The kinds of the user's own live tracks, such as `audio+video`. A line may send a copy of a track, which counts, too. */
export const liveKinds = async (page: Page): Promise<string> =>
  [...new Set((await mediaOf(page)).live.map(({ kind }) => kind))].sort().join('+');

/** The bytes that leave within this time. */
export async function sentWithin(page: Page, ms: number): Promise<Outbound> {
  const before = await page.evaluate(() => window.mediaSpy.outbound());
  await page.waitForTimeout(ms);
  const after = await page.evaluate(() => window.mediaSpy.outbound());
  return { audio: after.audio - before.audio, video: after.video - before.video };
}

/** How the browser answers the next requests for devices. */
export const answerNext = (page: Page, ...answers: readonly NextAnswer[]): Promise<void> =>
  page.evaluate((more) => void window.mediaSpy.answers.push(...more), answers);

/** Waits until the page's own live tracks are of these kinds. */
export async function untilLive(page: Page, kinds: string, ms = 8_000): Promise<void> {
  const deadline = Date.now() + ms;
  for (let live = await liveKinds(page); live !== kinds; live = await liveKinds(page)) {
    if (Date.now() > deadline) throw new Error(`live are ${live || 'none'}, not ${kinds || 'none'}`);
    await page.waitForTimeout(50);
  }
}
