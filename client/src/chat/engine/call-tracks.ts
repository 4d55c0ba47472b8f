import type { CallMedia } from '../../../../src/protocol';
import type { LineManager } from './line-manager';
import type { DeviceKind } from './local-devices';
import { NEEDED_DEVICES } from './needed-devices';
import type { SignalingClient } from './signaling-client';
import { isSending, type CallView, type Devices } from './state';

export interface CallTracksHost {
  call(): CallView | undefined;
  update(change: (call: CallView) => CallView): void;
  devices(): Devices;
}

/** How long the old video stays while the first frame of the new one is awaited. */
const FIRST_FRAME_MS = 2_000;

const KINDS = ['microphone', 'camera'] as const;

/** The media of a call: receives the partner's tracks, and reports which devices the user has turned off. */
export class CallTracks {
  private lastSent = '';
  /** The number of the newest `join`. Earlier ones that are still waiting are ignored. */
  private serial = 0;

  constructor(
    private readonly signaling: SignalingClient,
    private readonly line: LineManager,
    private readonly host: CallTracksHost,
  ) {}

  async join(callId: string, media: CallMedia): Promise<void> {
    this.serial += 1;
    const { serial } = this;
    const mode = this.host.call()?.mode ?? 'text';
    // Whatever is open, a call sends only what its mode is about: no picture leaves in a voice call.
    const muted = new Set(KINDS.filter((kind) => !this.sends(kind) || !NEEDED_DEVICES[mode].includes(kind)));
    const veiled = this.host.call()?.accept != null;
    const picture = mode === 'video' ? (veiled ? 'veiled' : 'full') : 'none';
    const tracks = await this.line.join(media, { muted, picture, isOpen: !veiled });
    if (tracks === null || this.host.call()?.callId !== callId) return;
    this.signaling.notify('call_media_ready', { callId, generation: media.generation, veiled });
    const shown = this.host.call()?.remote.getVideoTracks() ?? [];
    const [coming] = tracks.filter(({ kind }) => kind === 'video');
    // When the media is set up again, the old video stays until the new one has a frame.
    if (shown.length > 0 && coming !== undefined) await firstFrame(coming);
    const call = this.host.call();
    if (call?.callId !== callId || serial !== this.serial) return;
    for (const old of call.remote.getTracks()) call.remote.removeTrack(old);
    for (const track of tracks) {
      call.remote.addTrack(track);
      if (track.kind === 'video' || call.mode === 'audio') this.watch(track, callId);
    }
    this.host.update((view) => ({ ...view }));
    this.line.closeReplaced();
  }

  /** Reports to the server which devices are off, when that has changed. */
  notify(): void {
    const media = { microphone: this.sends('microphone'), camera: this.sends('camera') };
    const words = JSON.stringify(media);
    if (words === this.lastSent || !this.signaling.isOpen) return;
    this.lastSent = words;
    this.signaling.notify('media_state', media);
  }

  /** After a new connection the server may not know it. */
  notifyAgain(): void {
    this.lastSent = '';
    this.notify();
  }

  /** A remote track is muted until its first packet arrives. */
  private watch(track: MediaStreamTrack, callId: string): void {
    const flowing = (): void => {
      if (this.host.call()?.callId === callId) this.host.update((view) => ({ ...view, flowing: true }));
    };
    if (track.muted) track.addEventListener('unmute', flowing, { once: true });
    else flowing();
  }

  private sends(kind: DeviceKind): boolean {
    return isSending(this.host.devices()[kind]);
  }
}

/** Resolves when the track has a frame to show, or after a timeout. */
function firstFrame(track: MediaStreamTrack): Promise<void> {
  const probe = document.createElement('video');
  probe.muted = true;
  probe.srcObject = new MediaStream([track]);
  return new Promise<void>((resolve) => {
    const timer = window.setTimeout(resolve, FIRST_FRAME_MS);
    const seen = (): void => {
      window.clearTimeout(timer);
      resolve();
    };
    probe.onloadeddata = seen;
    probe.play().catch(() => undefined);
  }).finally(() => (probe.srcObject = null));
}
