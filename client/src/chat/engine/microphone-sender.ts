import type { types } from 'mediasoup-client';

type MicrophoneProducer = Pick<types.Producer, 'paused' | 'pause' | 'resume' | 'replaceTrack'>;

/** The sound that a line sends. The server lets none through before both have accepted. */
export class MicrophoneSender {
  private producer: MicrophoneProducer | undefined;
  private sending = false;
  private track: MediaStreamTrack | null = null;
  /** Changes of the track run one after the other, so that only one producer is made. */
  private changes: Promise<void> = Promise.resolve();

  constructor(private readonly produce: (track: MediaStreamTrack) => Promise<MicrophoneProducer>) {}

  /** Whether the line has a producer for the microphone. */
  get isProduced(): boolean {
    return this.producer !== undefined;
  }

  send(on: boolean): void {
    this.sending = on;
    this.pauseOrResume();
  }

  /** Sends this microphone from now on; null: there is none. */
  use(track: MediaStreamTrack | null): Promise<void> {
    this.track = track;
    this.pauseOrResume();
    const change = this.changes.then(() => this.change());
    this.changes = change.catch(() => undefined);
    return change;
  }

  private async change(): Promise<void> {
    const { track, producer } = this;
    // A track that was exchanged meanwhile has ended, and its successor has a change of its own.
    if (track?.readyState !== 'live') return;
    if (producer === undefined) this.producer = await this.produce(track);
    else await producer.replaceTrack({ track });
    this.pauseOrResume();
  }

  private pauseOrResume(): void {
    const { producer } = this;
    const isSending = this.sending && this.track !== null;
    // Either one is a renegotiation, so it is done only where it changes something.
    if (producer?.paused !== isSending) return;
    if (isSending) producer.resume();
    else producer.pause();
  }
}
