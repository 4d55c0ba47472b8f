/** What is used of an `RTCRtpSender`. */
export type SoundSender = Pick<RTCRtpSender, 'replaceTrack'>;

/**
 * The sound that a line sends. A microphone is attached only while its sound may be heard; otherwise the sender has no
 * track, so that no sound leaves the browser. Neither way is anything negotiated again, so sound begins at once.
 */
export class MicrophoneSender {
  private sender: SoundSender | undefined;
  private isAudible = false;
  private track: MediaStreamTrack | null = null;
  private attached: MediaStreamTrack | null = null;
  /** Changes run one after the other, so that only one producer is made and the last wish is what holds. */
  private changes: Promise<void> = Promise.resolve();

  constructor(private readonly produce: (track: MediaStreamTrack) => Promise<SoundSender>) {}

  /** Whether the line has a producer for the microphone. */
  get isProduced(): boolean {
    return this.sender !== undefined;
  }

  /** Whether the sound may be heard from now on. */
  send(on: boolean): Promise<void> {
    this.isAudible = on;
    return this.follow();
  }

  /** Sends this microphone from now on; null: there is none. */
  use(track: MediaStreamTrack | null): Promise<void> {
    this.track = track;
    return this.follow();
  }

  private follow(): Promise<void> {
    const change = this.changes.then(() => this.change());
    this.changes = change.catch(() => undefined);
    return change;
  }

  private async change(): Promise<void> {
    if (this.sender === undefined && this.live !== null) this.sender = await this.produceSilently(this.live);
    // Read after the wait: a microphone that was exchanged meanwhile has ended.
    const wanted = this.isAudible ? this.live : null;
    if (this.sender === undefined || wanted === this.attached) return;
    await this.sender.replaceTrack(wanted);
    this.attached = wanted;
  }

  private get live(): MediaStreamTrack | null {
    return this.track?.readyState === 'live' ? this.track : null;
  }

  /** A producer sends as soon as it is negotiated, before anybody may hear anything: it is made of silence. */
  private async produceSilently(track: MediaStreamTrack): Promise<SoundSender> {
    const silence = track.clone();
    silence.enabled = false;
    try {
      const sender = await this.produce(silence);
      await sender.replaceTrack(null);
      return sender;
    } finally {
      silence.stop();
    }
  }
}
