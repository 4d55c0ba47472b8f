import type { types } from 'mediasoup';
import type {
  ConsumerOptions,
  Direction,
  DtlsParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  Source,
  TransportOptions,
} from '../protocol';
import { DomainError } from '../domain/error';
import { INITIAL_OUTGOING_BITRATE } from './codecs';
import { consumerForWire } from './wire';
import type { MediaWorker } from './media-worker';

/** Which kind of media each source is; anything else is refused before mediasoup sees it. */
const KIND_OF: Record<Source, MediaKind> = { microphone: 'audio', camera: 'video' };

export interface LineOptions {
  readonly id: string;
  readonly peerId: string;
  readonly worker: MediaWorker;
  readonly rtpCapabilities: RtpCapabilities;
  /** The most that is taken of what the person sends, sound and both layers together. */
  readonly maxKbps: number;
}

/**
 * A person's line: a sending and a receiving transport with their producers, connected before the first match
 * and kept from partner to partner. Its producers are paused while nobody watches.
 *
 * Cascade: `close()` closes both transports, they close producers and consumers (the joinings' among them), then
 * `onGone` is told nothing. When the transports go by themselves (worker death), `onGone` is told once.
 */
export class Line {
  readonly producers = new Map<Source, types.Producer>();
  /** Which producers a joining may count on; undefined until the client says that the line is ready. */
  private readyWith: ReadonlySet<string> | undefined;
  /** Settles when the joining that has this line last is made. */
  turn: Promise<void> = Promise.resolve();
  /** The joining that let the producers send last. */
  private sendsFor: object | undefined;
  private closed = false;

  private constructor(
    readonly id: string,
    readonly peerId: string,
    readonly worker: MediaWorker,
    readonly rtpCapabilities: RtpCapabilities,
    private readonly send: types.WebRtcTransport,
    private readonly receive: types.WebRtcTransport,
    private readonly silence: types.Consumer,
    private readonly onGone: (line: Line) => void,
  ) {
    for (const transport of [send, receive]) transport.once('routerclose', () => this.gone());
  }

  static async open(options: LineOptions, onGone: (line: Line) => void): Promise<Line> {
    const { id, peerId, worker, rtpCapabilities, maxKbps } = options;
    const { router, webRtcServer } = worker;
    if (!router.canConsume({ producerId: worker.silence.id, rtpCapabilities })) {
      throw new DomainError('line_refused', 'these RTP capabilities cannot receive Opus');
    }
    const settings = { webRtcServer, enableUdp: true, enableTcp: true, preferUdp: true, enableSctp: false };
    const opening = await Promise.allSettled([
      router.createWebRtcTransport(settings),
      router.createWebRtcTransport({
        ...settings,
        initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE,
      }),
    ]);
    const [send, receive] = opening.map((result) =>
      result.status === 'fulfilled' ? result.value : undefined,
    );
    try {
      if (send === undefined || receive === undefined) {
        throw new DomainError('media_unavailable', 'the media worker made no transport', 500);
      }
      await send.setMaxIncomingBitrate(maxKbps * 1000);
      const silence = await receive.consume({ producerId: worker.silence.id, rtpCapabilities, paused: true });
      return new Line(id, peerId, worker, rtpCapabilities, send, receive, silence, onGone);
    } catch (error) {
      send?.close();
      receive?.close();
      throw error;
    }
  }

  get ready(): boolean {
    return this.readyWith !== undefined;
  }

  /** `false` when nothing has changed since it was last said. */
  markReady(): boolean {
    const ids = new Set([...this.producers.values()].map(({ id }) => id));
    const before = this.readyWith;
    this.readyWith = ids;
    return before === undefined || before.size !== ids.size || [...ids].some((id) => !before.has(id));
  }

  get isClosed(): boolean {
    return this.closed;
  }

  transportOptions(direction: Direction): TransportOptions {
    const { id, iceParameters, iceCandidates, dtlsParameters } = this.transport(direction);
    return {
      id,
      iceParameters,
      iceCandidates: iceCandidates.map(({ ...candidate }) => candidate),
      dtlsParameters: { ...dtlsParameters, fingerprints: [...dtlsParameters.fingerprints] },
    };
  }

  get silenceOptions(): ConsumerOptions {
    return consumerForWire(this.silence, 'silence');
  }

  connect(direction: Direction, dtlsParameters: DtlsParameters): Promise<void> {
    return this.transport(direction).connect({ dtlsParameters });
  }

  restartIce(direction: Direction): Promise<types.IceParameters> {
    return this.transport(direction).restartIce();
  }

  async produce(source: Source, kind: MediaKind, rtpParameters: RtpParameters): Promise<types.Producer> {
    if (KIND_OF[source] !== kind) throw new DomainError('line_refused', `a ${source} does not send ${kind}`);
    // The new one is made first, so that a refused request leaves the old one as it was.
    const producer = await this.send.produce({ kind, rtpParameters, paused: true });
    if (this.closed) throw new DomainError('line_missing', 'the line was closed meanwhile');
    this.producers.get(source)?.close();
    this.producers.set(source, producer);
    return producer;
  }

  /** Makes a paused consumer of a producer on this line's router; undefined where the person's browser cannot take it. */
  async consume(producerId: string): Promise<types.Consumer | undefined> {
    const { rtpCapabilities } = this;
    if (!this.worker.router.canConsume({ producerId, rtpCapabilities })) return undefined;
    return this.receive.consume({
      producerId,
      rtpCapabilities,
      paused: true,
      // Browsers send the low layer from the first moment, the high one when they dare to: whoever waits for the
      // first frame waits for the low one.
      preferredLayers: { spatialLayer: 0 },
    });
  }

  /**
   * Lets these producers of the line send, for this joining. The joining that had them before can stop them no more:
   * words of the end of one call and of the begin of the next may come from two nodes, in either order.
   */
  async resumeProducers(bridge: object, producers: readonly types.Producer[]): Promise<void> {
    this.sendsFor = bridge;
    await Promise.all(producers.map((producer) => (producer.closed ? undefined : producer.resume())));
  }

  /** This joining is over: nothing is sent any more, unless another joining has begun to send. */
  pauseProducers(bridge: object): void {
    if (this.sendsFor !== bridge) return;
    this.sendsFor = undefined;
    for (const producer of this.producers.values()) {
      // A pause that fails finds a closed producer or a dead worker: there is nothing left to pause.
      if (!producer.closed) producer.pause().catch(() => undefined);
    }
  }

  /** Changes what the person may send, while they send. */
  limit(maxKbps: number): Promise<void> {
    return this.send.setMaxIncomingBitrate(maxKbps * 1000);
  }

  unproduce(source: Source): void {
    this.producers.get(source)?.close();
    this.producers.delete(source);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.worker.lines -= 1;
    this.send.close();
    this.receive.close();
  }

  private transport(direction: Direction): types.WebRtcTransport {
    return direction === 'send' ? this.send : this.receive;
  }

  private gone(): void {
    if (this.closed) return;
    this.close();
    this.onGone(this);
  }
}
