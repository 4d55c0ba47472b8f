import { Device, type types } from 'mediasoup-client';
import type {
  CallMedia,
  ConsumerOptions,
  Direction,
  IceServer,
  RtpCapabilities,
  Source,
} from '../../../../src/protocol';
import { simulcastLayersFor, type SimulcastLayer } from './simulcast';
import type { DeviceKind } from './local-devices';
import { RequestError } from '../../errors/request-error';
import type { SignalingClient } from './signaling-client';

/** The options for lines, from the `connected` message. */
export interface MediaLineOptions {
  readonly iceServers: IceServer[];
  /** The maximum bitrate of the user's video and audio. */
  readonly ceilingKbps: number;
  /** Whether the line is opened beside the present one, to replace it when it is ready. */
  readonly makeBeforeBreak?: boolean;
}

export interface MediaLineEvents {
  /** The line has failed and was closed. A new one has to be opened. */
  broken(): void;
}

/** A line that does not recover within this time after an ICE restart is replaced (V5). */
const ICE_RESTART_MS = 4_000;

/** How long the consumers of an ended call stay open, because closing them would delay the next call. */
const RETIRED_MS = 400;

/** When the same call is set up again, the old consumers stay for this long, until the new ones have a frame. */
const RETIRED_WHILE_REJOINING_MS = 2_500;

/** By how much a blurred video is scaled down in each direction: 1280 × 720 becomes 80 × 45. */
const BLUR_SCALE = 16;

/** How long a new line may take to connect. */
const CONNECT_MS = 8_000;

const SOURCE_OF: Record<DeviceKind, Source> = { camera: 'camera', microphone: 'microphone' };

/**
 * The client's side of a line: both transports, the producers, and the consumers of the current call. It is connected
 * before the first match and kept for all calls. Its producers are paused while nobody watches.
 */
export class MediaLine {
  private readonly producers = new Map<DeviceKind, types.Producer>();
  private consumers: types.Consumer[] = [];
  /** Consumers of earlier calls, whose media has ended. They are closed a little later. */
  private readonly retired: types.Consumer[] = [];
  private retiredTimer: number | undefined;
  private running = false;
  private blurred = false;
  private readonly restartTimers = new Map<Direction, number>();
  closed = false;

  private constructor(
    private readonly signaling: SignalingClient,
    private readonly events: MediaLineEvents,
    readonly id: string,
    private readonly send: types.Transport,
    private readonly receive: types.Transport,
    private readonly layers: readonly SimulcastLayer[],
  ) {}

  /** Opens and connects a line with these tracks. Rejects when the server refuses it. */
  static async open(
    signaling: SignalingClient,
    device: types.Device,
    { iceServers, ceilingKbps, makeBeforeBreak = false }: MediaLineOptions,
    tracks: ReadonlyMap<DeviceKind, MediaStreamTrack>,
    events: MediaLineEvents,
  ): Promise<MediaLine> {
    const opened = await signaling.request('line_open', {
      rtpCapabilities: receivable(device),
      makeBeforeBreak,
    });
    const send = device.createSendTransport({ ...opened.send, iceServers });
    const receive = device.createRecvTransport({ ...opened.receive, iceServers });
    const line = new MediaLine(
      signaling,
      events,
      opened.lineId,
      send,
      receive,
      simulcastLayersFor(ceilingKbps),
    );
    line.listen(send, 'send');
    line.listen(receive, 'receive');
    try {
      await Promise.all([
        line.consumeSilence(opened.silence),
        ...[...tracks].map(([kind, track]) => line.produce(kind, track)),
      ]);
      // A line is ready only when it is connected: media that is sent before the handshake ends loses its first key
      // frame, and the next one comes a second later.
      await Promise.all([whenConnected(send), whenConnected(receive)]);
      await signaling.request('line_ready', { lineId: opened.lineId });
      return line;
    } catch (error) {
      line.close();
      throw error;
    }
  }

  /** Whether a call uses this line. */
  get isRunning(): boolean {
    return this.running;
  }

  /** A device has changed: its producer gets the new track, is created, or (null) is paused. */
  async setTrack(kind: DeviceKind, track: MediaStreamTrack | null): Promise<void> {
    const producer = this.producers.get(kind);
    if (producer === undefined) {
      if (track === null || this.closed) return;
      await this.produce(kind, track);
      // Reports the line as ready again, so that the current call is set up again with the new producer.
      await this.signaling.request('line_ready', { lineId: this.id });
      return;
    }
    if (track === null) {
      producer.pause();
      return;
    }
    await producer.replaceTrack({ track });
    if (this.running) producer.resume();
  }

  /** Creates the consumers of a call, starts sending, and resolves with the partner's tracks. */
  async join(
    { consumers }: CallMedia,
    muted: ReadonlySet<DeviceKind>,
    blurred: boolean,
  ): Promise<MediaStreamTrack[]> {
    const closeAfterMs = this.running ? RETIRED_WHILE_REJOINING_MS : RETIRED_MS;
    this.retireConsumers();
    this.running = true;
    const blurring = this.setBlurred(blurred);
    // Created in the same tick, so that they need only one renegotiation.
    const made = consumers.map((options) => this.receive.consume(consumeOptions(options)));
    await blurring;
    this.resumeProducers(muted);
    this.consumers = await Promise.all(made);
    this.closeRetiredLater(closeAfterMs);
    return this.consumers.map(({ track }) => track);
  }

  /** The call has ended: pauses the producers and retires the consumers. */
  endCall(): void {
    this.running = false;
    for (const producer of this.producers.values()) producer.pause();
    this.retireConsumers();
    this.closeRetiredLater();
  }

  /**
   * Until both have accepted, only a video too small to recognise a face is sent. The sender scales it down, so no
   * client on the other side can undo it.
   */
  async setBlurred(blurred: boolean): Promise<void> {
    const sender = this.producers.get('camera')?.rtpSender;
    if (sender === undefined || this.blurred === blurred) return;
    const parameters = sender.getParameters();
    parameters.encodings.forEach((encoding, layer) => {
      encoding.scaleResolutionDownBy =
        (this.layers[layer]?.scaleResolutionDownBy ?? 1) * (blurred ? BLUR_SCALE : 1);
    });
    await sender.setParameters(parameters);
    this.blurred = blurred;
  }

  setSending(kind: DeviceKind, on: boolean): void {
    const producer = this.producers.get(kind);
    if (producer === undefined) return;
    if (on && this.running) producer.resume();
    else producer.pause();
  }

  /**
   * The network may have changed: restarts ICE on both transports where needed, and gives the line up when that does
   * not help.
   */
  async restartIceIfNeeded(): Promise<void> {
    await Promise.all([this.restartIce(this.send, 'send'), this.restartIce(this.receive, 'receive')]);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const timer of this.restartTimers.values()) window.clearTimeout(timer);
    window.clearTimeout(this.retiredTimer);
    this.send.close();
    this.receive.close();
  }

  private resumeProducers(muted: ReadonlySet<DeviceKind>): void {
    for (const [kind, producer] of this.producers) if (!muted.has(kind)) producer.resume();
  }

  private async produce(kind: DeviceKind, track: MediaStreamTrack): Promise<void> {
    const producer = await this.send.produce({
      track,
      stopTracks: false,
      // A pause must not darken one's own view, which shows the same track.
      disableTrackOnPause: false,
      zeroRtpOnPause: true,
      appData: { source: SOURCE_OF[kind] },
      ...(kind === 'camera'
        ? { encodings: [...this.layers], codecOptions: { videoGoogleStartBitrate: 800 } }
        : { codecOptions: { opusFec: true, opusDtx: true } }),
    });
    if (!this.running) producer.pause();
    this.producers.set(kind, producer);
  }

  private async consumeSilence(options: ConsumerOptions): Promise<void> {
    // Kept as long as the transport: closing it would only cost a renegotiation.
    await this.receive.consume(consumeOptions(options));
  }

  /**
   * Puts the consumers aside. Closing them is a renegotiation of its own, which would stand in the way of the
   * next call's, so it waits until the line has been quiet for a while.
   */
  private retireConsumers(): void {
    this.retired.push(...this.consumers);
    this.consumers = [];
    window.clearTimeout(this.retiredTimer);
  }

  private closeRetiredLater(ms = RETIRED_MS): void {
    window.clearTimeout(this.retiredTimer);
    this.retiredTimer = window.setTimeout(() => this.tidy(), ms);
  }

  private tidy(): void {
    for (const consumer of this.retired.splice(0)) consumer.close();
  }

  private listen(transport: types.Transport, direction: Direction): void {
    const lineId = this.id;
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      this.signaling.request('line_connect', { lineId, direction, dtlsParameters }).then(done, failed);
    });
    transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const source: Source = appData.source === 'camera' ? 'camera' : 'microphone';
      this.signaling
        .request('line_produce', { lineId, source, kind, rtpParameters })
        .then(({ producerId }) => done({ id: producerId }), failed);
    });
    transport.on('connectionstatechange', (state) => {
      if (this.closed) return;
      if (state === 'failed') this.giveUp();
      else if (state === 'disconnected') void this.restartIce(transport, direction);
      else if (state === 'connected') window.clearTimeout(this.restartTimers.get(direction));
    });
  }

  private async restartIce(transport: types.Transport, direction: Direction): Promise<void> {
    if (this.closed || transport.connectionState === 'connected' || transport.connectionState === 'new')
      return;
    window.clearTimeout(this.restartTimers.get(direction));
    const giveUp = window.setTimeout(() => {
      if (transport.connectionState !== 'connected') this.giveUp();
    }, ICE_RESTART_MS);
    this.restartTimers.set(direction, giveUp);
    try {
      const { iceParameters } = await this.signaling.request('line_restart_ice', {
        lineId: this.id,
        direction,
      });
      await transport.restartIce({ iceParameters });
    } catch (error) {
      // Without a connection this is repeated after the next `connected`. Any other error means that the line is gone.
      if (error instanceof RequestError && error.details.code !== 'disconnected') this.giveUp();
    }
  }

  private giveUp(): void {
    if (this.closed) return;
    this.close();
    this.events.broken();
  }
}

/** Resolves when the transport is connected. Rejects when it fails or takes too long. */
function whenConnected(transport: types.Transport): Promise<void> {
  if (transport.connectionState === 'connected') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (state: string): void => {
      if (state !== 'connected' && state !== 'failed' && state !== 'closed' && state !== 'timeout') return;
      window.clearTimeout(timer);
      transport.off('connectionstatechange', settle);
      if (state === 'connected') resolve();
      else
        reject(
          new RequestError({ code: 'media_unavailable', message: `the line did not connect: ${state}` }),
        );
    };
    const timer = window.setTimeout(() => settle('timeout'), CONNECT_MS);
    transport.on('connectionstatechange', settle);
  });
}

/**
 * Loads the capabilities that the browser and the router share. Rejects where the browser does not support WebRTC.
 */
export async function loadDevice(routerRtpCapabilities: RtpCapabilities): Promise<types.Device> {
  const device = new Device();
  await device.load({ routerRtpCapabilities });
  return device;
}

const receivable = (device: types.Device): RtpCapabilities => device.recvRtpCapabilities;

const consumeOptions = ({ id, producerId, kind, rtpParameters }: ConsumerOptions): types.ConsumerOptions => ({
  id,
  producerId,
  kind,
  rtpParameters,
  // One stream, so that the browser synchronises video and audio.
  streamId: 'partner',
});
