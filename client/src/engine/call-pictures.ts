import type { CallMedia } from '../../../src/protocol';
import type { LineKeeper } from './line-keeper';
import type { DeviceKind } from './own-devices';
import type { Signal } from './signal';
import type { CallView, Devices } from './state';

export interface PicturesScene {
  call(): CallView | undefined;
  update(change: (call: CallView) => CallView): void;
  devices(): Devices;
}

/** How long the newer picture may take before the older one is given up for it. */
const FIRST_FRAME_MS = 2_000;

const KINDS = ['microphone', 'camera'] as const;

/** Picture and sound of a call: takes theirs as the server offers them, and tells what one sends on purpose. */
export class CallPictures {
  private told = '';
  /** Of the newest joining; what an earlier one still waits for is of no use any more. */
  private serial = 0;

  constructor(
    private readonly signal: Signal,
    private readonly line: LineKeeper,
    private readonly scene: PicturesScene,
  ) {}

  async join(callId: string, media: CallMedia): Promise<void> {
    this.serial += 1;
    const { serial } = this;
    const muted = new Set(KINDS.filter((kind) => !this.sends(kind)));
    const tracks = await this.line.join(media, muted, this.scene.call()?.accept != null);
    if (tracks === null || this.scene.call()?.callId !== callId) return;
    this.signal.tell('call_media_ready', { callId, generation: media.generation });
    const shown = this.scene.call()?.remote.getVideoTracks() ?? [];
    const [coming] = tracks.filter(({ kind }) => kind === 'video');
    // Joined anew, the call shows what it has until there is something newer.
    if (shown.length > 0 && coming !== undefined) await firstFrame(coming);
    const call = this.scene.call();
    if (call?.callId !== callId || serial !== this.serial) return;
    for (const old of call.remote.getTracks()) call.remote.removeTrack(old);
    for (const track of tracks) {
      call.remote.addTrack(track);
      if (track.kind === 'video' || call.mode === 'audio') this.watch(track, callId);
    }
    this.scene.update((view) => ({ ...view }));
    this.line.settle();
  }

  /** Tells the server what is muted or dark, when that has changed. */
  tell(): void {
    const media = { microphone: this.sends('microphone'), camera: this.sends('camera') };
    const words = JSON.stringify(media);
    if (words === this.told || !this.signal.isOpen) return;
    this.told = words;
    this.signal.tell('media_state', media);
  }

  /** After a greeting the server may know nothing of it. */
  tellAgain(): void {
    this.told = '';
    this.tell();
  }

  /** A track is muted until its first packet arrives. */
  private watch(track: MediaStreamTrack, callId: string): void {
    const flowing = (): void => {
      if (this.scene.call()?.callId === callId) this.scene.update((view) => ({ ...view, flowing: true }));
    };
    if (track.muted) track.addEventListener('unmute', flowing, { once: true });
    else flowing();
  }

  private sends(kind: DeviceKind): boolean {
    const device = this.scene.devices()[kind];
    return device.state === 'ready' && !device.off;
  }
}

/** Resolves when a frame of this track could be shown; after a while in any case. */
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
