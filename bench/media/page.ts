/** Runs in the browser: the product's own engine, and a bare peer-to-peer call to compare it with. */
import { PasserbyEngine } from '../../client/src/chat/engine/engine';
import type { EngineState } from '../../client/src/chat/engine/state';

export interface WiredCalls {
  readonly callId: string;
  /** All in ms since the epoch. */
  readonly matchedAt: number;
  readonly firstRtpAt: number | null;
  readonly firstFrameAt: number;
}

const WISHES = { mode: 'video', blurFirst: false } as const;
const now = (): number => performance.timeOrigin + performance.now();

const video = document.createElement('video');
video.muted = true;
video.autoplay = true;
video.playsInline = true;
document.body.append(video);

/** When the first frame of this stream is on screen. */
function firstFrame(stream: MediaStream): Promise<number> {
  video.srcObject = stream;
  return new Promise((resolve) => video.requestVideoFrameCallback(() => resolve(now())));
}

class Bench {
  private engine: PasserbyEngine | undefined;
  private matchCommit = new Map<string, Partial<WiredCalls>>();
  private waiting: ((wired: WiredCalls) => void)[] = [];

  /** A person with an open camera; `line`: wait until their line is connected. */
  async arrive(url: string, line: boolean): Promise<void> {
    sessionStorage.clear();
    const engine = new PasserbyEngine(url);
    this.engine = engine;
    engine.subscribe(() => this.watch(engine.getState()));
    engine.start();
    await this.until(() => engine.getState().connection.state === 'open');
    engine.askDevices('video');
    await this.until(() => engine.getState().devices.camera.state === 'ready');
    if (line) await new Promise((resolve) => setTimeout(resolve, 1500));
  }

  find(): void {
    this.engine?.find(WISHES);
  }

  next(): void {
    this.engine?.next();
  }

  stop(): void {
    this.engine?.stop();
  }

  leave(): void {
    this.engine?.close();
    this.engine = undefined;
  }

  /** The next meeting whose first frame is seen. */
  meeting(): Promise<WiredCalls> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private watch(state: EngineState): void {
    const { phase } = state;
    // Whoever is left asks again at once, as the product does after its countdown.
    if (phase.phase === 'ended') this.engine?.find(WISHES);
    if (phase.phase !== 'call') return;
    const { call } = phase;
    const known = this.matchCommit.get(call.callId);
    if (known === undefined) {
      const mark = performance.getEntriesByName('passerby:partner-found').at(-1);
      const { matchedAt } = (mark as PerformanceMark).detail as { matchedAt: number };
      const meeting: Partial<WiredCalls> = { callId: call.callId, matchedAt };
      this.matchCommit.set(call.callId, meeting);
      void firstFrame(call.remote).then((firstFrameAt) => {
        const seen = { ...this.matchCommit.get(call.callId), firstFrameAt } as WiredCalls;
        this.waiting.shift()?.(seen);
      });
    } else if (call.flowing && known.firstRtpAt === undefined) {
      this.matchCommit.set(call.callId, { ...known, firstRtpAt: now() });
    }
  }

  private async until(test: () => boolean): Promise<void> {
    while (!test()) await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A bare peer-to-peer page: camera open beforehand, no libraries, trickled candidates. */
class PeerToPeer {
  private own: MediaStream | undefined;

  async arrive(): Promise<void> {
    const picture = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
    this.own = await navigator.mediaDevices.getUserMedia({ video: picture, audio: true });
  }

  /** Connects to the relay and answers with the meeting it arranges. */
  meet(relay: string): Promise<WiredCalls> {
    return new Promise((resolve) => {
      const socket = new WebSocket(relay);
      const peer = new RTCPeerConnection();
      const remote = new MediaStream();
      let matchedAt = 0;
      let firstRtpAt: number | null = null;
      const say = (data: object): void => socket.send(JSON.stringify(data));
      void firstFrame(remote).then((firstFrameAt) => {
        resolve({ callId: 'p2p', matchedAt, firstRtpAt, firstFrameAt });
        setTimeout(() => {
          peer.close();
          socket.close();
        }, 300);
      });
      peer.onicecandidate = ({ candidate }) => candidate && say({ candidate });
      peer.ontrack = ({ track }) => {
        remote.addTrack(track);
        if (track.kind === 'video') track.onunmute = () => (firstRtpAt ??= now());
      };
      socket.onmessage = async ({ data }: MessageEvent<string>) => {
        const message = JSON.parse(data) as {
          matchedAt?: number;
          caller?: boolean;
          description?: RTCSessionDescriptionInit;
          candidate?: RTCIceCandidateInit;
        };
        if (message.matchedAt !== undefined) {
          matchedAt = message.matchedAt;
          for (const track of this.own?.getTracks() ?? []) peer.addTrack(track, this.own!);
          if (message.caller !== true) return;
          await peer.setLocalDescription();
          say({ description: peer.localDescription });
        } else if (message.description !== undefined) {
          await peer.setRemoteDescription(message.description);
          if (message.description.type !== 'offer') return;
          await peer.setLocalDescription();
          say({ description: peer.localDescription });
        } else if (message.candidate !== undefined) {
          await peer.addIceCandidate(message.candidate);
        }
      };
    });
  }
}

declare global {
  interface Window {
    bench: Bench;
    peerToPeer: PeerToPeer;
  }
}
window.bench = new Bench();
window.peerToPeer = new PeerToPeer();
