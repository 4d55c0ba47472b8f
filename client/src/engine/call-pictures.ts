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

const KINDS = ['microphone', 'camera'] as const;

/** Picture and sound of a call: takes theirs as the server offers them, and tells what one sends on purpose. */
export class CallPictures {
  private told = '';

  constructor(
    private readonly signal: Signal,
    private readonly line: LineKeeper,
    private readonly scene: PicturesScene,
  ) {}

  async join(callId: string, media: CallMedia): Promise<void> {
    const muted = new Set(KINDS.filter((kind) => !this.sends(kind)));
    const tracks = await this.line.join(media, muted, this.scene.call()?.accept != null);
    const call = this.scene.call();
    if (tracks === null || call?.callId !== callId) return;
    this.signal.tell('call_media_ready', { callId, generation: media.generation });
    for (const old of call.remote.getTracks()) call.remote.removeTrack(old);
    for (const track of tracks) {
      call.remote.addTrack(track);
      if (track.kind === 'video' || call.mode === 'audio') this.watch(track, callId);
    }
    this.scene.update((view) => ({ ...view }));
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
