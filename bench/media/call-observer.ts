/**
 * Runs in a page before anything else and notes when each milestone of a call is reached. It looks at the browser's own
 * sockets, connections and video elements and not at the page's code, so that the product's screens, a bare client and
 * a peer-to-peer page are measured by the same means, in every version of the product.
 */
export interface Milestones {
  readonly callId: string;
  /** All times in ms since the epoch; null: not reached, or not reached by this kind of call. */
  readonly matchedAt: number;
  /** `partner_found` has arrived. */
  readonly foundAt: number;
  /** The last negotiation of the receiving connection is over: all consumers are made. */
  readonly consumersAt: number | null;
  /** `call_media_ready` has been sent. */
  readonly readyAt: number | null;
  /** The first packet of the picture has arrived. */
  readonly packetAt: number | null;
  /** The first frame is shown, be it veiled. */
  readonly frameAt: number | null;
  readonly frameWidth: number;
  /** The first frame that is not veiled is shown. */
  readonly unveiledAt: number | null;
  readonly unveiledWidth: number;
}

/** One picture of a call; a call whose lines change has several, one after the other. */
export interface Picture {
  readonly callId: string;
  readonly madeAt: number;
  readonly frameAt: number | null;
}

export interface FrameGaps {
  /** The longest time between two frames of the other side's picture (ms). */
  readonly longest: number;
  readonly frames: number;
}

type Goal = 'frame' | 'unveiled';
type Writable<T> = { -readonly [K in keyof T]: T[K] };
interface Waiter {
  readonly goal: Goal;
  readonly after: number;
  readonly resolve: (milestones: Milestones) => void;
}

/** A veiled picture is 80 pixels wide at most; the smallest layer without a veil is 640. */
const UNVEILED_WIDTH = 320;

/** mediasoup-client's own track, by which a server may probe the bandwidth: it shows nothing. */
const PROBATOR = 'probator';

const now = (): number => performance.timeOrigin + performance.now();

export class CallObserver {
  /** Told when the first frame of a call is shown. */
  onFirstFrame: () => void = () => undefined;
  private serial = 0;
  private current: Writable<Milestones> | undefined;
  private readonly calls = new WeakMap<MediaStreamTrack, Writable<Milestones>>();
  private readonly pictures = new WeakMap<MediaStreamTrack, Writable<Picture>>();
  private newest: Writable<Picture> | undefined;
  private waiters: Waiter[] = [];
  private lastFrameAt: number | undefined;
  private gaps: Writable<FrameGaps> = { longest: 0, frames: 0 };

  /** Resolves with the next call that reaches this. */
  next(goal: Goal): Promise<Milestones> {
    return new Promise((resolve) => this.waiters.push({ goal, after: this.serial, resolve }));
  }

  /** The newest picture that this page was offered. */
  newestPicture(): Picture | undefined {
    return this.newest;
  }

  /** The longest time between two frames since this was last asked. */
  takeGaps(): FrameGaps {
    const { gaps } = this;
    this.gaps = { longest: 0, frames: 0 };
    return gaps;
  }

  received(text: string): void {
    if (!text.startsWith('{"event":"partner_found"')) return;
    // Texts of people in it have their quotation marks escaped, so these are the message's own fields.
    const callId = /"callId":"([^"]+)"/.exec(text)?.[1];
    const matchedAt = /"matchedAt":([\d.]+)/.exec(text)?.[1];
    // `again`: the same call once more, after its socket was lost.
    if (callId === undefined || matchedAt === undefined || text.includes('"again":true')) return;
    this.serial += 1;
    this.current = {
      callId,
      matchedAt: Number(matchedAt),
      foundAt: now(),
      consumersAt: null,
      readyAt: null,
      packetAt: null,
      frameAt: null,
      frameWidth: 0,
      unveiledAt: null,
      unveiledWidth: 0,
    };
  }

  sent(text: string): void {
    if (this.current !== undefined && text.startsWith('{"event":"call_media_ready"'))
      this.current.readyAt ??= now();
  }

  negotiated(): void {
    if (this.current?.readyAt === null) this.current.consumersAt = now();
  }

  track(track: MediaStreamTrack): void {
    const { current } = this;
    if (track.kind !== 'video' || track.id === PROBATOR || current === undefined) return;
    const picture = { callId: current.callId, madeAt: now(), frameAt: null };
    this.newest = picture;
    this.calls.set(track, current);
    this.pictures.set(track, picture);
    const arrived = (): void => void (current.packetAt ??= now());
    if (track.muted) track.addEventListener('unmute', arrived, { once: true });
    else arrived();
  }

  /** Follows what this element shows, for as long as there is the page. */
  watch(video: HTMLVideoElement): void {
    const seen = (_: number, { width }: VideoFrameCallbackMetadata): void => {
      const stream = video.srcObject;
      const [track] = stream instanceof MediaStream ? stream.getVideoTracks() : [];
      if (track !== undefined) this.frame(track, width);
      video.requestVideoFrameCallback(seen);
    };
    video.requestVideoFrameCallback(seen);
  }

  private frame(track: MediaStreamTrack, width: number): void {
    const call = this.calls.get(track);
    const picture = this.pictures.get(track);
    // Without them it is this side's own camera.
    if (call === undefined || picture === undefined) return;
    const at = now();
    picture.frameAt ??= at;
    if (this.lastFrameAt !== undefined)
      this.gaps.longest = Math.max(this.gaps.longest, at - this.lastFrameAt);
    this.gaps.frames += 1;
    this.lastFrameAt = at;
    if (call.frameAt === null) {
      call.frameAt = at;
      call.frameWidth = width;
      this.onFirstFrame();
    }
    if (call.unveiledAt === null && width >= UNVEILED_WIDTH) {
      call.unveiledAt = at;
      call.unveiledWidth = width;
    }
    this.notifyWaiters(call);
  }

  private notifyWaiters(call: Milestones): void {
    if (call !== this.current) return;
    const isReached = ({ goal, after }: Waiter): boolean =>
      this.serial > after && (goal === 'frame' ? call.frameAt : call.unveiledAt) !== null;
    const reached = this.waiters.filter(isReached);
    this.waiters = this.waiters.filter((waiter) => !reached.includes(waiter));
    for (const { resolve } of reached) resolve({ ...call });
  }
}

declare global {
  interface Window {
    callObserver: CallObserver;
  }
}

const observer = new CallObserver();
window.callObserver = observer;

window.WebSocket = class extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    this.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') observer.received(data);
    });
  }

  override send(data: Parameters<WebSocket['send']>[0]): void {
    super.send(data);
    if (typeof data === 'string') observer.sent(data);
  }
};

window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    let receives = false;
    this.addEventListener('track', ({ track }) => {
      receives = true;
      observer.track(track);
    });
    this.addEventListener('signalingstatechange', () => {
      if (receives && this.signalingState === 'stable') observer.negotiated();
    });
  }
};

const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
const watched = new WeakSet<HTMLMediaElement>();
Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
  ...property,
  set(this: HTMLMediaElement, stream: MediaProvider | null) {
    property?.set?.call(this, stream);
    if (!(this instanceof HTMLVideoElement) || watched.has(this)) return;
    watched.add(this);
    observer.watch(this);
  },
});
