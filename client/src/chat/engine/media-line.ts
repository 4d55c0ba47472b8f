import { Device, type types } from 'mediasoup-client';
import type {
  CallMedia,
  ConsumerOptions,
  Direction,
  IceServer,
  RtpCapabilities,
  Source,
} from '../../../../src/protocol';
import type { CameraEncoding } from './camera-encodings';
import { CameraSender, type Picture, type VideoSender } from './camera-sender';
import { MicrophoneSender, type SoundSender } from './microphone-sender';
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

/** What a call sends over its line. */
export interface CallSending {
  /** Devices that send nothing for now. */
  readonly muted: ReadonlySet<DeviceKind>;
  /** No more than this is sent of the camera. */
  readonly picture: Picture;
  /** Whether both have accepted. No sound is sent before that. */
  readonly isOpen: boolean;
}

export interface MediaLineEvents {
  /** The line has failed and was closed. A new one has to be opened. */
  broken(line: MediaLine): void;
}

/** A line that does not recover within this time after an ICE restart is replaced (V5). */
const ICE_RESTART_MS = 4_000;

/** How long the consumers of an ended call stay open, because closing them would delay the next call. */
const RETIRED_MS = 400;

/** When the same call is set up again, the old consumers stay for this long, until the new ones have a frame. */
const RETIRED_WHILE_REJOINING_MS = 2_500;

/** Browsers start at about 300 kbit/s: a new call would be blurred for seconds. */
const START_KBPS = 800;

/**
 * The browser's estimate does not fall below this. A connection that carries less carries no video call. Below it, Chromium
 * would stop one of the two veiled layers, which the SFU takes two seconds to trust again.
 */
const LEAST_KBPS = 150;

/** How long a new line may take to connect. */
const CONNECT_MS = 8_000;

/**
 * The client's side of a line: both transports, the producers, and the consumers of the current call. It is connected
 * before the first match and kept for all calls. Nothing is sent while nobody watches.
 */
export class MediaLine {
  private readonly camera: CameraSender;
  private readonly microphone: MicrophoneSender;
  private consumers: types.Consumer[] = [];
  /** Consumers of earlier calls, whose media has ended. They are closed a little later. */
  private readonly retired: types.Consumer[] = [];
  private retiredTimer: number | undefined;
  private running = false;
  /** Whether the present call is one with pictures. */
  private hasPicture = false;
  /** Whether both have accepted the present call. */
  private isOpen = false;
  private isMuted = false;
  private readonly restartTimers = new Map<Direction, number>();
  closed = false;

  private constructor(
    private readonly signaling: SignalingClient,
    private readonly events: MediaLineEvents,
    readonly id: string,
    private readonly send: types.Transport,
    private readonly receive: types.Transport,
    ceilingKbps: number,
  ) {
    this.camera = new CameraSender({
      ceilingKbps,
      produce: (track, encodings) => this.produceCamera(track, encodings),
    });
    this.microphone = new MicrophoneSender((track) => this.produceMicrophone(track));
  }

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
    const line = new MediaLine(signaling, events, opened.lineId, send, receive, ceilingKbps);
    line.listen(send, 'send');
    line.listen(receive, 'receive');
    try {
      await Promise.all([
        line.consumeSilence(opened.silence),
        ...[...tracks].map(([kind, track]) => line.sender(kind).use(track)),
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

  /** What receives the partner's sound, if any. */
  get partnerAudio(): RTCRtpReceiver | undefined {
    return this.consumers.find(({ kind }) => kind === 'audio')?.rtpReceiver;
  }

  /** A device has changed: its producer gets the new track or is created, or (null) nothing is sent any more. */
  async setTrack(kind: DeviceKind, track: MediaStreamTrack | null): Promise<void> {
    if (this.closed) return;
    const sender = this.sender(kind);
    const { isProduced } = sender;
    await sender.use(track);
    // Reports the line as ready again, so that the current call is set up again with the new producer.
    if (!isProduced && sender.isProduced && !this.closed)
      await this.signaling.request('line_ready', { lineId: this.id });
  }

  /**
   * Creates the consumers of a call, starts sending, and resolves with the partner's tracks. By then no more than `picture`
   * is sent of the camera, or both have accepted meanwhile.
   */
  async join({ consumers }: CallMedia, { muted, picture, isOpen }: CallSending): Promise<MediaStreamTrack[]> {
    const closeAfterMs = this.running ? RETIRED_WHILE_REJOINING_MS : RETIRED_MS;
    this.retireConsumers();
    this.running = true;
    this.hasPicture = picture !== 'none';
    this.isOpen = isOpen;
    this.isMuted = muted.has('microphone');
    const sending = [this.camera.show(picture), this.sendSound()];
    // Created in the same tick, so that they need only one renegotiation.
    const made = consumers.map((options) => this.receive.consume(consumeOptions(options)));
    const [joined] = await Promise.all([Promise.all(made), ...sending]);
    this.consumers = joined;
    this.closeRetiredLater(closeAfterMs);
    return this.consumers.map(({ track }) => track);
  }

  /** The call has ended: stops sending and retires the consumers. */
  async endCall(): Promise<void> {
    this.running = false;
    this.isOpen = false;
    const quiet = [this.sendSound(), this.camera.show('none')];
    this.retireConsumers();
    this.closeRetiredLater();
    await Promise.all(quiet);
  }

  /** Both have accepted: sends the sound, and the video in full resolution. */
  async openCall(): Promise<void> {
    if (!this.running) return;
    this.isOpen = true;
    await Promise.all([this.sendSound(), this.hasPicture ? this.camera.show('full') : undefined]);
  }

  /** A camera that is off has no track: nothing is sent until `setTrack` brings one. */
  async setSending(kind: DeviceKind, on: boolean): Promise<void> {
    if (kind === 'camera') {
      if (!on) await this.camera.use(null);
      return;
    }
    this.isMuted = !on;
    await this.sendSound();
  }

  private sendSound(): Promise<void> {
    return this.microphone.send(this.running && this.isOpen && !this.isMuted);
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
    this.camera.close();
    for (const timer of this.restartTimers.values()) window.clearTimeout(timer);
    window.clearTimeout(this.retiredTimer);
    this.send.close();
    this.receive.close();
  }

  private sender(kind: DeviceKind): CameraSender | MicrophoneSender {
    return kind === 'camera' ? this.camera : this.microphone;
  }

  private produceCamera(track: MediaStreamTrack, encodings: readonly CameraEncoding[]): Promise<VideoSender> {
    return this.produce('camera', {
      track,
      encodings: encodings.map((encoding) => ({ ...encoding })),
      codecOptions: { videoGoogleStartBitrate: START_KBPS, videoGoogleMinBitrate: LEAST_KBPS },
    });
  }

  private produceMicrophone(track: MediaStreamTrack): Promise<SoundSender> {
    return this.produce('microphone', { track, codecOptions: { opusFec: true, opusDtx: true } });
  }

  private async produce(source: Source, options: types.ProducerOptions): Promise<RTCRtpSender> {
    const { rtpSender } = await this.send.produce({
      ...options,
      stopTracks: false,
      disableTrackOnPause: false,
      appData: { source },
    });
    if (rtpSender === undefined) throw new Error('a producer was made without a sender');
    return rtpSender;
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
      // The sender was negotiated again.
      if (direction === 'send') this.camera.verify().catch(() => this.giveUp());
    } catch (error) {
      // Without a connection this is repeated after the next `connected`. Any other error means that the line is gone.
      if (error instanceof RequestError && error.details.code !== 'disconnected') this.giveUp();
    }
  }

  private giveUp(): void {
    if (this.closed) return;
    this.close();
    this.events.broken(this);
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
