import { cameraEncodings, matches, type CameraEncoding } from './camera-encodings';

/** How much of the camera's picture may leave the browser. */
export type Picture = 'none' | 'veiled' | 'full';

/** What is used of an `RTCRtpSender`. */
export type VideoSender = Pick<RTCRtpSender, 'track' | 'getParameters' | 'setParameters' | 'replaceTrack'>;

export interface CameraSenderOptions {
  readonly ceilingKbps: number;
  /** Adds the camera to the line, with a track that is dark. Called until it succeeds once. */
  readonly produce: (track: MediaStreamTrack, encodings: readonly CameraEncoding[]) => Promise<VideoSender>;
}

/** What is attached to the sender, or is being attached: a clone of the camera's track, which can be stopped alone. */
interface Outgoing {
  readonly camera: MediaStreamTrack;
  readonly clone: MediaStreamTrack;
}

const RANK: Record<Picture, number> = { none: 0, veiled: 1, full: 2 };

/** The delays before a step that failed is tried again. After the last one the line is given up. */
const RETRY_MS = [50, 200];

/** How long the browser may take for one step. A line whose sender does not answer is given up. */
const STEP_MS = 6_000;

/**
 * The picture that a line sends. It is made, veiled, unveiled and replaced here alone, one step after the other: each
 * step waits for the one before, then looks at what is wanted now. A track is attached only when the sender itself
 * reports encodings that are small enough, so that without a proven veil there is no picture.
 *
 * The browser carries out a step when it likes, and cannot be told to forget one. So what is sent is a clone of the
 * camera's track. When less may be sent than before, the clone is stopped at once, and whatever is still on its way
 * applies to a track that gives no frame any more.
 */
export class CameraSender {
  private picture: Picture = 'none';
  private camera: MediaStreamTrack | null = null;
  private sender: VideoSender | undefined;
  private outgoing: Outgoing | null = null;
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: CameraSenderOptions) {}

  /** Whether the line has a producer for the camera. */
  get isProduced(): boolean {
    return this.sender !== undefined;
  }

  /** Allows this much of the picture from now on. Resolves when it is sent so. Rejects when the line is of no use. */
  show(picture: Picture): Promise<void> {
    if (RANK[picture] < RANK[this.picture]) this.cut();
    this.picture = picture;
    return this.settle();
  }

  /** Sends this camera from now on; null: there is none. Resolves and rejects like `show`. */
  use(camera: MediaStreamTrack | null): Promise<void> {
    if (camera !== this.camera) this.cut();
    this.camera = camera;
    return this.settle();
  }

  /** The sender was negotiated again: looks whether it still does what is wanted. */
  verify(): Promise<void> {
    const { sender, camera, picture } = this;
    const isProven = sender === undefined || camera === null || this.isEncoded(sender, camera);
    if (picture === 'veiled' && !isProven) this.cut();
    return this.settle();
  }

  close(): void {
    this.closed = true;
    this.cut();
  }

  /** Takes effect before this returns. */
  private cut(): void {
    this.outgoing?.clone.stop();
  }

  /** Callers share one run, which follows what is wanted last. */
  private settle(): Promise<void> {
    this.running ??= this.run();
    return this.running;
  }

  private async run(): Promise<void> {
    try {
      // So that `running` is set before this can end.
      await Promise.resolve();
      let failures = 0;
      for (let step = this.nextStep(); step !== undefined; step = this.nextStep()) {
        // After a failure the next step is found anew, because less may be allowed by now.
        failures = (await succeeds(step, RETRY_MS[failures])) ? 0 : failures + 1;
      }
    } catch (error) {
      // Nobody waits for what a closed line would have sent.
      if (this.closed) return;
      this.close();
      throw error;
    } finally {
      // In the same turn as the last look at what is wanted, so that no change is missed.
      this.running = undefined;
    }
  }

  /** What has to be done next for what is wanted now; undefined: nothing. */
  private nextStep(): (() => Promise<void>) | undefined {
    if (this.closed) return undefined;
    const { sender, outgoing, picture } = this;
    const camera = this.camera?.readyState === 'live' ? this.camera : null;
    if (sender === undefined) return camera === null ? undefined : () => this.produce(camera);
    if (camera === null || picture === 'none')
      return outgoing === null ? undefined : () => this.attach(sender, null);
    if (!this.isEncoded(sender, camera)) return () => this.encode(sender, camera);
    const isAttached = outgoing?.camera === camera && outgoing.clone.readyState === 'live';
    return isAttached ? undefined : () => this.attach(sender, camera);
  }

  private async produce(camera: MediaStreamTrack): Promise<void> {
    // A producer needs a track, whose frames are sent before the server has heard of it.
    const clone = camera.clone();
    clone.enabled = false;
    this.outgoing = { camera, clone };
    try {
      const wanted = cameraEncodings({ ...this.encodingOptions(camera), veiled: true });
      this.sender = await this.options.produce(clone, wanted);
    } finally {
      clone.stop();
    }
  }

  private async attach(sender: VideoSender, camera: MediaStreamTrack | null): Promise<void> {
    const outgoing = camera === null ? null : { camera, clone: camera.clone() };
    const clone = outgoing?.clone ?? null;
    this.cut();
    if (outgoing !== null) this.outgoing = outgoing;
    try {
      await sender.replaceTrack(clone);
      if (sender.track !== clone) throw new Error('the browser did not take the track');
    } catch (error) {
      outgoing?.clone.stop();
      throw error;
    }
    if (outgoing === null) this.outgoing = null;
  }

  private async encode(sender: VideoSender, camera: MediaStreamTrack): Promise<void> {
    const parameters = sender.getParameters();
    const wanted = this.wanted(camera, parameters.encodings.length);
    parameters.encodings.forEach((encoding, layer) => Object.assign(encoding, wanted[layer]));
    await sender.setParameters(parameters);
    // What is wanted may have changed meanwhile. That is the next step's business, and no failure of this one.
    if (!matches(sender.getParameters().encodings, wanted))
      throw new Error('the browser did not take the encodings');
  }

  private isEncoded(sender: VideoSender, camera: MediaStreamTrack): boolean {
    const { encodings } = sender.getParameters();
    return matches(encodings, this.wanted(camera, encodings.length));
  }

  private wanted(camera: MediaStreamTrack, count: number): readonly CameraEncoding[] {
    return cameraEncodings({ ...this.encodingOptions(camera), veiled: this.picture !== 'full', count });
  }

  private encodingOptions(camera: MediaStreamTrack) {
    return { capture: camera.getSettings(), ceilingKbps: this.options.ceilingKbps };
  }
}

/** Whether this step succeeds. After a failure it waits for `retryMs`; where that is undefined, it throws. */
async function succeeds(step: () => Promise<void>, retryMs: number | undefined): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateStepError('the browser did not answer')), STEP_MS);
  });
  try {
    await Promise.race([step(), late]);
    return true;
  } catch (error) {
    // A step that may still happen must not be followed by another one.
    if (retryMs === undefined || error instanceof LateStepError) throw error;
    await new Promise((resolve) => setTimeout(resolve, retryMs));
    return false;
  } finally {
    clearTimeout(timer);
  }
}

class LateStepError extends Error {}
