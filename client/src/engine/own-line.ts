import { Device, type types } from 'mediasoup-client';
import type {
  CallMedia,
  ConsumerOptions,
  Direction,
  IceServer,
  RtpCapabilities,
  Source,
} from '../../../src/protocol';
import { layersUnder, type PictureLayer } from './layers';
import type { DeviceKind } from './own-devices';
import { Refused } from './refused';
import type { Signal } from './signal';

/** What the greeting says of how lines are made. */
export interface LineTerms {
  readonly iceServers: IceServer[];
  /** The most the server takes of this person's picture and sound. */
  readonly ceilingKbps: number;
  /** Made beside the line that the person has, and in its place when it is ready. */
  readonly beside?: boolean;
}

export interface OwnLineEvents {
  /** The line is broken and has been given up; a new one has to be made. */
  broken(): void;
}

/** A line that does not come back within this time after an ICE restart is made anew (V5). */
const RESTART_MS = 4_000;

/** How long after a call its leftovers stay, so that the next call need not wait for their clearing away. */
const TIDY_MS = 400;

/** Joined anew in a call that goes on, the old ones are watched until the new ones have delivered. */
const TIDY_REJOINED_MS = 2_500;

/** How many times smaller a veiled picture is in each direction: 1280 × 720 becomes 80 × 45. */
const VEIL = 16;

/** How long a new line may take to connect. */
const CONNECT_MS = 8_000;

const SOURCE_OF: Record<DeviceKind, Source> = { camera: 'camera', microphone: 'microphone' };

/**
 * One's own line, from the client's side: both transports, the producers, and the consumers of the present call.
 * Connected before the first match and kept from partner to partner; producers rest while nobody watches.
 */
export class OwnLine {
  private readonly producers = new Map<DeviceKind, types.Producer>();
  private consumers: types.Consumer[] = [];
  /** Consumers of earlier calls, whose media has ended already; closed when nothing more urgent is to be done. */
  private spent: types.Consumer[] = [];
  private tidyTimer: number | undefined;
  private running = false;
  private veiled = false;
  private readonly restartTimers = new Map<Direction, number>();
  closed = false;

  private constructor(
    private readonly signal: Signal,
    private readonly events: OwnLineEvents,
    readonly id: string,
    private readonly send: types.Transport,
    private readonly receive: types.Transport,
    private readonly layers: readonly PictureLayer[],
  ) {}

  /** Makes and connects a line with these tracks, ready to be joined. Rejects when the server refuses. */
  static async open(
    signal: Signal,
    device: types.Device,
    { iceServers, ceilingKbps, beside = false }: LineTerms,
    tracks: ReadonlyMap<DeviceKind, MediaStreamTrack>,
    events: OwnLineEvents,
  ): Promise<OwnLine> {
    const opened = await signal.ask('line_open', { rtpCapabilities: receivable(device), makeBeforeBreak: beside });
    const send = device.createSendTransport({ ...opened.send, iceServers });
    const receive = device.createRecvTransport({ ...opened.receive, iceServers });
    const line = new OwnLine(signal, events, opened.lineId, send, receive, layersUnder(ceilingKbps));
    line.listen(send, 'send');
    line.listen(receive, 'receive');
    try {
      await Promise.all([
        line.consumeSilence(opened.silence),
        ...[...tracks].map(([kind, track]) => line.produce(kind, track)),
      ]);
      // Ready means connected: media that begins before the handshake ends loses its first key frame, and the
      // next one is a second away.
      await Promise.all([whenConnected(send), whenConnected(receive)]);
      await signal.ask('line_ready', { lineId: opened.lineId });
      return line;
    } catch (error) {
      line.close();
      throw error;
    }
  }

  /** A call goes on over this line. */
  get isRunning(): boolean {
    return this.running;
  }

  /** A device changed: its producer takes the new track, begins, or (null) rests. */
  async setTrack(kind: DeviceKind, track: MediaStreamTrack | null): Promise<void> {
    const producer = this.producers.get(kind);
    if (producer === undefined) {
      if (track === null || this.closed) return;
      await this.produce(kind, track);
      // Ready anew: a call that goes on is joined again with what has come.
      await this.signal.ask('line_ready', { lineId: this.id });
      return;
    }
    if (track === null) {
      producer.pause();
      return;
    }
    await producer.replaceTrack({ track });
    if (this.running) producer.resume();
  }

  /** Makes the consumers of a call, begins to send, and hands out the tracks. */
  async join(
    { consumers }: CallMedia,
    muted: ReadonlySet<DeviceKind>,
    veiled: boolean,
  ): Promise<MediaStreamTrack[]> {
    const tidyMs = this.running ? TIDY_REJOINED_MS : TIDY_MS;
    this.spend();
    this.running = true;
    const veil = this.setVeil(veiled);
    // Asked for in the same turn, so that they are one renegotiation.
    const made = consumers.map((options) => this.receive.consume(consumeOptions(options)));
    await veil;
    this.resumeProducers(muted);
    this.consumers = await Promise.all(made);
    this.tidySoon(tidyMs);
    return this.consumers.map(({ track }) => track);
  }

  /** The call is over: producers rest, consumers are put aside. */
  part(): void {
    this.running = false;
    for (const producer of this.producers.values()) producer.pause();
    this.spend();
    this.tidySoon();
  }

  /**
   * Before both have said yes, only light and movement leave this machine: a picture too small to know a face by.
   * It is this side that makes it small, so no client on the other side can undo it.
   */
  async setVeil(veiled: boolean): Promise<void> {
    const sender = this.producers.get('camera')?.rtpSender;
    if (sender === undefined || this.veiled === veiled) return;
    const parameters = sender.getParameters();
    parameters.encodings.forEach((encoding, layer) => {
      encoding.scaleResolutionDownBy = (this.layers[layer]?.scaleResolutionDownBy ?? 1) * (veiled ? VEIL : 1);
    });
    await sender.setParameters(parameters);
    this.veiled = veiled;
  }

  setSending(kind: DeviceKind, on: boolean): void {
    const producer = this.producers.get(kind);
    if (producer === undefined) return;
    if (on && this.running) producer.resume();
    else producer.pause();
  }

  /** The network may have changed: asks for new ICE on both sides, and gives the line up when that does not help. */
  async check(): Promise<void> {
    await Promise.all([this.restartIce(this.send, 'send'), this.restartIce(this.receive, 'receive')]);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const timer of this.restartTimers.values()) window.clearTimeout(timer);
    window.clearTimeout(this.tidyTimer);
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
  private spend(): void {
    this.spent.push(...this.consumers);
    this.consumers = [];
    window.clearTimeout(this.tidyTimer);
  }

  private tidySoon(ms = TIDY_MS): void {
    window.clearTimeout(this.tidyTimer);
    this.tidyTimer = window.setTimeout(() => this.tidy(), ms);
  }

  private tidy(): void {
    for (const consumer of this.spent.splice(0)) consumer.close();
  }

  private listen(transport: types.Transport, direction: Direction): void {
    const lineId = this.id;
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      this.signal.ask('line_connect', { lineId, direction, dtlsParameters }).then(done, failed);
    });
    transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const source: Source = appData.source === 'camera' ? 'camera' : 'microphone';
      this.signal
        .ask('line_produce', { lineId, source, kind, rtpParameters })
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
    }, RESTART_MS);
    this.restartTimers.set(direction, giveUp);
    try {
      const { iceParameters } = await this.signal.ask('line_restart_ice', { lineId: this.id, direction });
      await transport.restartIce({ iceParameters });
    } catch (error) {
      // Without a connection the same is asked again once there is one; a refusal means the line is gone.
      if (error instanceof Refused && error.wire.code !== 'disconnected') this.giveUp();
    }
  }

  private giveUp(): void {
    if (this.closed) return;
    this.close();
    this.events.broken();
  }
}

/** Resolves when the transport is connected; rejects when it fails or takes too long. */
function whenConnected(transport: types.Transport): Promise<void> {
  if (transport.connectionState === 'connected') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (state: string): void => {
      if (state !== 'connected' && state !== 'failed' && state !== 'closed' && state !== 'timeout') return;
      window.clearTimeout(timer);
      transport.off('connectionstatechange', settle);
      if (state === 'connected') resolve();
      else reject(new Refused({ code: 'media_unavailable', message: `the line did not connect: ${state}` }));
    };
    const timer = window.setTimeout(() => settle('timeout'), CONNECT_MS);
    transport.on('connectionstatechange', settle);
  });
}

/** Loads what this browser and the router have in common. Rejects where the browser knows no WebRTC. */
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
  // One stream, so that the browser keeps picture and sound together.
  streamId: 'partner',
});
