/** Runs in the browser: the product's own engine, and a bare peer-to-peer call to compare it with. */
import { PasserbyEngine } from '../../client/src/chat/engine/engine';
import type { EngineState } from '../../client/src/chat/engine/state';
import type {} from './call-observer';

/** How long a peer-to-peer call goes on after its first frame (ms). */
const LINGER_MS = 300;

const video = document.createElement('video');
video.muted = true;
video.autoplay = true;
video.playsInline = true;
document.body.append(video);

class Client {
  private engine: PasserbyEngine | undefined;
  private isVeiled = true;

  /** A person with an open camera; `line`: wait until their line is connected. */
  async arrive(url: string, line: boolean): Promise<void> {
    sessionStorage.clear();
    const engine = new PasserbyEngine(url);
    this.engine = engine;
    engine.subscribe(() => this.follow(engine.getState()));
    engine.start();
    await this.until(() => engine.getState().connection.state === 'open');
    engine.askDevices('video');
    await this.until(() => engine.getState().devices.camera.state === 'ready');
    if (line) await new Promise((resolve) => setTimeout(resolve, 1500));
  }

  /** `veiled`: the default, in which both have to say yes; each says so when they see the veiled picture. */
  find(veiled: boolean): void {
    this.isVeiled = veiled;
    window.callObserver.onFirstFrame = () => this.engine?.accept();
    this.engine?.find({ mode: 'video', blurFirst: veiled });
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

  /** The call that goes on, by its id. */
  callId(): string | null {
    const phase = this.engine?.getState().phase;
    return phase?.phase === 'call' ? phase.call.callId : null;
  }

  /** In a few words what this person is doing, for the message of a bench that fails. */
  describe(): string {
    const state = this.engine?.getState();
    return state === undefined ? 'gone' : `${state.connection.state}, ${state.phase.phase}`;
  }

  private follow({ phase }: EngineState): void {
    // Whoever is left asks again at once, as the product does after its countdown.
    if (phase.phase === 'ended') this.find(this.isVeiled);
    if (phase.phase === 'call' && video.srcObject !== phase.call.remote) video.srcObject = phase.call.remote;
  }

  private async until(test: () => boolean): Promise<void> {
    while (!test()) await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface RelayMessage {
  readonly event?: 'partner_found';
  readonly data?: { readonly caller: boolean };
  readonly description?: RTCSessionDescriptionInit;
  readonly candidate?: RTCIceCandidateInit;
}

/** A bare peer-to-peer page: camera open beforehand, no libraries, trickled candidates. */
class PeerToPeer {
  private own: MediaStream | undefined;

  async arrive(): Promise<void> {
    const picture = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
    this.own = await navigator.mediaDevices.getUserMedia({ video: picture, audio: true });
  }

  /** Connects to the relay, which arranges a call. */
  meet(relay: string): void {
    const socket = new WebSocket(relay);
    const peer = new RTCPeerConnection();
    const remote = new MediaStream();
    const say = (data: object): void => socket.send(JSON.stringify(data));
    video.srcObject = remote;
    window.callObserver.onFirstFrame = () =>
      setTimeout(() => {
        peer.close();
        socket.close();
      }, LINGER_MS);
    peer.onicecandidate = ({ candidate }) => candidate && say({ candidate });
    peer.ontrack = ({ track }) => remote.addTrack(track);
    socket.onmessage = async ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as RelayMessage;
      if (message.event === 'partner_found') {
        const { own } = this;
        for (const track of own?.getTracks() ?? []) peer.addTrack(track, ...(own === undefined ? [] : [own]));
        if (message.data?.caller !== true) return;
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
  }
}

declare global {
  interface Window {
    client: Client;
    peerToPeer: PeerToPeer;
  }
}
window.client = new Client();
window.peerToPeer = new PeerToPeer();
